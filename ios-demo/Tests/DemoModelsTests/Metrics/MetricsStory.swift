import Foundation
import Steadfast
import Testing

@testable import DemoModels

private let british = Locale(identifier: "en_GB")
private let format = Format(locale: british)

extension Stories {
    @MainActor @Suite struct MetricsStory {
        /// Records a quantity through the form.
        private func record(_ quantity: String, _ unit: MetricUnit, in metrics: MetricsModel, at time: Date) async {
            let form = metrics.newEntry(now: time, locale: british)
            (form.quantity, form.unit) = (quantity, unit)
            #expect(await form.save(in: .gmt))
        }

        @Test func anEntryIsKeptAsItWasEnteredChangedAndDeleted() async throws {
            let runner = try await Runner()
            let metrics = runner.store.training.metrics
            await metrics.load(now: runner.clock.time(), in: .gmt)
            #expect(metrics.entries.isEmpty)
            let form = metrics.newEntry(now: runner.clock.time(), locale: british)
            #expect(form.isNew && form.unit == .kilogram && form.units == [.kilogram, .gram, .pound, .ounce, .stone])
            (form.quantity, form.unit, form.notes) = ("177.5", .pound, "After breakfast")
            #expect(await form.save(in: .gmt))
            try await until("the list hears of it") { metrics.entries.rows.count == 1 }
            let entry = metrics.entries.rows[0]
            #expect(format.quantity(entry.quantity, entry.unit) == "177.5 lb")
            #expect(format.quantitySi(entry) == "80.51 kg")
            #expect(Wording(format).entry(entry) == "Body mass, 177.5 pounds, 1 Jun 2026 at 12:00, After breakfast")
            #expect(metrics.newEntry(now: runner.clock.time()).unit == .pound, "in the unit of last time")

            let change = metrics.edit(entry, locale: british)
            #expect(change.quantity == "177.5" && change.notes == "After breakfast")
            (change.quantity, change.unit, change.notes) = ("81", .kilogram, "")
            #expect(await change.save(in: .gmt))
            try await until("the list hears of the change") { metrics.entries.rows.first?.unit == .kilogram }
            let changed = metrics.entries.rows[0]
            #expect(changed.quantity == 81 && changed.notes == nil && changed.recordedAt == entry.recordedAt)
            #expect(format.quantitySi(changed) == nil, "what was entered is the base unit")

            await metrics.delete(changed)
            #expect(metrics.entries.isEmpty)
        }

        @Test(arguments: ["abc", "-5", "1,000", "", "0x1p7", "99999"])
        func whatCannotBeIsRefusedInTheCoresWordsAndKept(typed: String) async throws {
            let runner = try await Runner()
            let metrics = runner.store.training.metrics
            let form = metrics.newEntry(now: runner.clock.time(), locale: british)
            (form.quantity, form.notes) = (typed, "On the new scale")
            #expect(await !form.save())
            let failure = try #require(form.attempt.failure)
            #expect(failure.code == "invalid_argument" && failure.field == "quantity")
            #expect(failure.suggestion == "Correct the value and try again.")
            #expect(form.quantity == typed && form.notes == "On the new scale", "nothing that was typed is lost")
            await metrics.load(now: runner.clock.time())
            #expect(metrics.entries.isEmpty)

            form.quantity = "80"
            #expect(await form.save())
            #expect(form.attempt.failure == nil)
        }

        @Test func theTrendIsADayAPointInTheUnitOfLastTime() async throws {
            let runner = try await Runner()
            let metrics = runner.store.training.metrics
            let start = runner.clock.time()
            // Long before the trend, then twice on a day, of which the later one counts.
            await record("70", .kilogram, in: metrics, at: start.addingTimeInterval(-100 * 86_400))
            await record("80", .kilogram, in: metrics, at: start.addingTimeInterval(-2 * 86_400))
            await record("81", .kilogram, in: metrics, at: start.addingTimeInterval(-2 * 86_400 + 60))
            await record("82", .kilogram, in: metrics, at: start)
            await metrics.load(now: start, in: .gmt)
            let trend = try #require(metrics.trend)
            #expect(trend.points == [.init(day: 0, quantity: 81), .init(day: 2, quantity: 82)])
            #expect(trend.lowest == 81 && trend.highest == 82 && trend.unit == .kilogram)
            #expect(Wording(format).trend(trend) == "2 days with entries, from 81 kg to 82 kg")

            await record("180", .pound, in: metrics, at: start.addingTimeInterval(60))
            try await until("the trend hears of it") { metrics.trend?.unit == .pound }
            #expect(metrics.trend?.points.last == .init(day: 2, quantity: 180))
        }

        @Test func eachKindHasAListOfItsOwnAPageAtATime() async throws {
            let runner = try await Runner()
            let metrics = MetricsModel(client: runner.client, pageSize: 2)
            for quantity in ["80", "80.5", "81"] {
                runner.clock.advance(ms: 60_000)
                await record(quantity, .kilogram, in: metrics, at: runner.clock.time())
            }
            await metrics.load(now: runner.clock.time(), in: .gmt)
            #expect(metrics.entries.rows.map(\.quantity) == [81, 80.5] && metrics.entries.hasMore)
            await metrics.entries.loadMore(after: metrics.entries.rows[1])
            #expect(metrics.entries.rows.map(\.quantity) == [81, 80.5, 80])

            await metrics.show(.bodyFat, now: runner.clock.time(), in: .gmt)
            #expect(metrics.entries.isEmpty && metrics.trend?.isEmpty == true)
            await record("18", .percent, in: metrics, at: runner.clock.time())
            await metrics.load(now: runner.clock.time(), in: .gmt)
            #expect(metrics.entries.rows.first.map { format.quantity($0.quantity, $0.unit) } == "18 %")
            #expect(metrics.entries.rows.first.flatMap { format.quantitySi($0) } == "0.18")
            await metrics.show(.bodyMass, now: runner.clock.time(), in: .gmt)
            #expect(metrics.entries.rows.map(\.quantity) == [81, 80.5])
        }
    }
}
