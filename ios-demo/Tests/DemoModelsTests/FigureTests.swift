import Foundation
import Steadfast
import Testing

@testable import DemoModels

extension Stories {
    @MainActor @Suite struct FigureTests {
        private let figures = Figures(Format(unit: .kilometre, locale: Locale(identifier: "en_GB")))

        @Test func aNumberIsShownAndSpoken() {
            let distance = figures.distance("Distance", 3420)
            #expect(distance == Figure(label: "Distance", value: "3.42", symbol: "km", spoken: "3.42 kilometres"))
        }

        @Test func theNumbersOfARunningWorkoutHaveNamesOfTheirOwn() async throws {
            let runner = try await Runner()
            await runner.store.record.start()
            try await runner.go(seconds: 30)
            let shown = figures.live(try #require(runner.client.recorder().live()))
            let labels = ["Distance", "Pace", "Heart rate", "Average pace", "Climbed", "Lap 1 time", "Lap 1 distance"]
            #expect(shown.map(\.label) == labels)
            #expect(shown.allSatisfy { !$0.value.isEmpty && !$0.spoken.isEmpty })
            #expect(shown[1].spoken.hasSuffix("per kilometre"))
        }

        @Test func aRideIsMeasuredBySpeed() async throws {
            let runner = try await Runner()
            runner.store.record.chosenKind = .cycling
            await runner.store.record.start()
            try await runner.go(seconds: 30)
            let shown = figures.live(try #require(runner.client.recorder().live()))
            #expect(shown.map(\.label).contains("Speed") && !shown.map(\.label).contains("Pace"))
            await runner.store.record.finish()
            let ride = try #require(await runner.store.record.save())
            #expect(figures.totals(ride).first { $0.label == "Average speed" }?.symbol == "km/h")
        }

        @Test func aSensorThatMeasuredNothingHasNoNumber() async throws {
            let runner = try await Runner()
            await runner.store.record.start()
            _ = try runner.client.recorder().addSamples(samples: SyntheticRun().fixes(seconds: 30, from: runner.clock.time()))
            await runner.store.record.finish()
            let activity = try #require(await runner.store.record.save())
            #expect(!figures.totals(activity).map(\.label).contains { $0.contains("heart rate") })
        }
    }
}
