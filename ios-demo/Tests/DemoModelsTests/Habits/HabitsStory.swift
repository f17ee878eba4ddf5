import Foundation
import Steadfast
import Testing

@testable import DemoModels

private let british = Locale(identifier: "en_GB")
private let format = Format(locale: british)

extension Stories {
    @MainActor @Suite struct HabitsStory {
        private let today = CivilDate(year: 2026, month: 6, day: 1)

        /// Today's entries in Greenwich.
        private func habits(of runner: Runner) async -> HabitsModel {
            let habits = runner.store.training.habits
            await habits.load(now: runner.clock.time(), in: .gmt)
            return habits
        }

        @Test func anEntryIsMadeChangedAndDeleted() async throws {
            let runner = try await Runner()
            let habits = await habits(of: runner)
            #expect(habits.day == today && habits.isToday && habits.logs.isEmpty)
            let form = habits.newLog(now: runner.clock.time(), in: .gmt, locale: british)
            (form.kind, form.minutes, form.mood, form.potency) = ("Meditation", "12.5", "calm", "40")
            #expect(await form.save(in: .gmt))
            try await until("the screen hears of it") { habits.logs.count == 1 }
            let log = habits.logs[0]
            #expect(log.durationMs == 750_000 && log.potency == 40)
            #expect(format.details(log) == "12:30, calm, 40 of 100")
            #expect(Wording(format).habit(log) == "Meditation, 12:00, 12 minutes, 30 seconds, calm, 40 of 100")

            let change = habits.edit(log, locale: british)
            #expect(change.minutes == "12.5" && !change.isNew)
            (change.minutes, change.mood, change.potency, change.method) = ("", "", "60", "app")
            #expect(await change.save(in: .gmt))
            try await until("the screen hears of the change") { habits.logs.first?.potency == 60 }
            #expect(habits.logs[0].durationMs == nil && habits.logs[0].mood == nil && habits.logs[0].method == "app")
            #expect(habits.logs[0].startedAt == log.startedAt && habits.logs[0].date == today)

            await habits.delete(habits.logs[0])
            #expect(habits.logs.isEmpty && habits.changing.failure == nil)
        }

        @Test func anEntryCountsToTheDayThatItsOwnOffsetSays() async throws {
            let runner = try await Runner()
            let habits = await habits(of: runner)
            // Half past midnight on the second of June in Auckland is noon and a half of the first in Greenwich.
            let night = CivilDate(year: 2026, month: 6, day: 2)
            let startedAt = runner.clock.time().addingTimeInterval(1800)
            _ = try await runner.client.habits().record(log: NewHabitLog(kind: "smoke", startedAt: startedAt, utcOffsetS: 12 * 3600))
            await habits.load(now: startedAt, in: .gmt)
            #expect(habits.logs.isEmpty)
            await habits.load(now: startedAt, in: try #require(TimeZone(secondsFromGMT: 12 * 3600)))
            #expect(habits.day == night && habits.logs.map(\.kind) == ["smoke"], "today has moved on with the phone")
        }

        @Test func daysAreTurnedBackAndForthNoFurtherThanToday() async throws {
            let runner = try await Runner()
            let habits = await habits(of: runner)
            await habits.showNextDay()
            #expect(habits.day == today)
            await habits.showPreviousDay()
            #expect(habits.day == CivilDate(year: 2026, month: 5, day: 31) && !habits.isToday)

            let form = habits.newLog(now: runner.clock.time(), in: .gmt, locale: british)
            #expect(form.startedAt == runner.clock.time().addingTimeInterval(-86_400), "a new entry belongs to the day on the screen")
            form.kind = "Stretching"
            #expect(await form.save(in: .gmt))
            try await until("the screen hears of it") { habits.logs.map(\.kind) == ["Stretching"] }
            await habits.showNextDay()
            #expect(habits.isToday && habits.logs.isEmpty)
        }

        @Test(arguments: [
            ("kind", ""), ("potency", "101"), ("potency", "-1"), ("potency", "lots"), ("duration_ms", "-5"), ("duration_ms", "an hour"),
        ])
        func whatCannotBeIsRefusedAndKept(field: String, typed: String) async throws {
            let runner = try await Runner()
            let form = (await habits(of: runner)).newLog(now: runner.clock.time(), in: .gmt, locale: british)
            form.kind = field == "kind" ? typed : "Meditation"
            if field == "potency" { form.potency = typed }
            if field == "duration_ms" { form.minutes = typed }
            form.notes = "In the garden"
            #expect(await !form.save(in: .gmt))
            #expect(form.attempt.failure?.code == "invalid_argument" && form.attempt.failure?.field == field)
            #expect(form.notes == "In the garden" && [form.kind, form.potency, form.minutes].contains(typed))
        }
    }
}
