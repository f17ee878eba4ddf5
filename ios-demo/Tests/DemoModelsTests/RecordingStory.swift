import Foundation
import Steadfast
import Testing

@testable import DemoModels

extension Stories {
    @MainActor @Suite struct RecordingStory {
        @Test func aRunIsRecordedSavedReadEditedAndDeleted() async throws {
            let runner = try await Runner()
            let (record, list) = (runner.store.record, runner.store.list)
            #expect(record.statistics == nil)

            await record.start()
            try await until("the start is shown") { record.statistics?.state == .recording }
            try await runner.go(seconds: 200)
            await record.lap()
            try await runner.go(seconds: 100)
            await record.lap()
            #expect(record.laps.map(\.index) == [1, 2, 3])
            #expect(record.laps.last?.isOpen == true)
            try await runner.go(seconds: 60)
            try await until("the last fix is shown") { (record.statistics?.distanceM ?? 0) > 1050 }
            #expect(record.statistics?.heartRateBpm != nil)
            #expect(record.statistics?.completedLaps == 2)

            await record.finish()
            let saving = try #require(record.saving)
            try await until("the finish is shown") { record.statistics?.state == .stopped }
            (saving.title, saving.notes) = ("Around the town", "Two hills")
            let activity = try #require(await record.save())
            #expect(activity.title == "Around the town")
            #expect(record.saving == nil)
            try await until("nothing is recorded any more") { record.statistics == nil }
            try await until("the list hears of it") { list.activities.map(\.id) == [activity.id] }

            let detail = runner.store.detail(of: activity, unit: .kilometre)
            await detail.load()
            #expect(detail.attempt.failure == nil)
            #expect(detail.laps.count == 3)
            #expect(detail.splits.map(\.isFull) == [true, false])
            #expect(abs(detail.splits.map(\.distanceM).reduce(0, +) - activity.distanceM) < 0.01)
            let (route, elevation) = (try #require(detail.route), try #require(detail.elevation))
            #expect(route.lines.count == 1)
            #expect(elevation.highestM > elevation.lowestM + 20)
            #expect(abs(elevation.lengthM - activity.distanceM) < 20)
            await detail.show(.mile)
            #expect(detail.splits.map(\.isFull) == [false])

            #expect(await detail.edit(title: "Round the town", notes: "", kind: .trailRunning))
            #expect(detail.activity.notes.isEmpty)
            try await until("the list hears of the edit") { list.activities.first?.kind == .trailRunning }
            #expect(list.activities.first?.title == "Round the town")

            await detail.delete()
            #expect(detail.isDeleted)
            try await until("the list hears of the end") { list.activities.isEmpty }
        }

        @Test func aPauseCountsNothingAndGoesOn() async throws {
            let runner = try await Runner()
            let record = runner.store.record
            await record.start()
            try await runner.go(seconds: 30)
            await record.pause()
            try await until("the pause is shown") { record.statistics?.state == .paused }
            let paused = try #require(record.statistics)
            try await runner.go(seconds: 30)
            try await until("the rest is shown") { record.statistics?.acknowledgedSamples == paused.acknowledgedSamples + 60 }
            #expect(record.statistics?.distanceM == paused.distanceM)
            #expect(record.statistics?.timerS == paused.timerS)
            await record.resume()
            try await runner.go(seconds: 30)
            try await until("it counts again") { (record.statistics?.distanceM ?? 0) > paused.distanceM + 50 }
        }

        @Test func aFinishedRunCanGoOn() async throws {
            let runner = try await Runner()
            let record = runner.store.record
            try await runner.finishRun(seconds: 20)
            #expect(record.saving != nil)
            await record.resume()
            #expect(record.saving == nil)
            try await runner.go(seconds: 20)
            try await until("it records again") { record.statistics?.state == .recording }
        }

        @Test func aDiscardedRunIsNowhere() async throws {
            let runner = try await Runner()
            try await runner.finishRun(seconds: 20)
            await runner.store.record.discard()
            try await until("nothing is recorded any more") { runner.store.record.statistics == nil }
            #expect(runner.store.record.saving == nil)
            await runner.store.recovery.load()
            #expect(runner.store.recovery.workouts.isEmpty)
            await runner.store.list.pages.reload()
            #expect(runner.store.list.activities.isEmpty)
        }

        @Test func twoPressesOfTheLapButtonAreOneLap() async throws {
            let runner = try await Runner()
            await runner.store.record.start()
            try await runner.go(seconds: 10)
            await runner.store.record.lap()
            await runner.store.record.lap()
            #expect(runner.store.record.attempt.failure == nil)
            #expect(runner.store.record.laps.count == 2)
        }

        @Test func whatIsWrongWithThePositionsIsShownUntilItIsOver() async throws {
            let runner = try await Runner()
            await runner.store.record.start()
            try await runner.go(seconds: 1)
            runner.say(.reducedAccuracy)
            try await until("the problem is shown") { runner.store.record.positionFailure?.code == "location_reduced" }
            runner.say(nil)
            try await until("it is over") { runner.store.record.positionFailure == nil }
        }

        @Test func theTimerGoesOnWhereNothingIsMeasured() async throws {
            let runner = try await Runner()
            let record = runner.store.record
            record.chosenKind = .indoorOther
            await record.start()
            try await until("the start is shown") { record.statistics != nil }
            let ticking = Task { await record.keepTime() }
            runner.clock.advance(ms: 75_000)
            try await until("the timer went on") { record.statistics?.timerS == 75 }
            await record.pause()
            runner.clock.advance(ms: 10_000)
            try await until("the pause is shown") { record.statistics?.state == .paused }
            try await Task.sleep(for: .milliseconds(1100))
            #expect(record.statistics?.timerS == 75)
            ticking.cancel()
            await ticking.value
        }

        @Test func anIndoorWorkoutAsksForNoPositions() async throws {
            let runner = try await Runner()
            runner.store.record.chosenKind = .treadmillRunning
            await runner.store.record.start()
            try await until("the start is shown") { runner.store.record.statistics != nil }
            try await Task.sleep(for: .milliseconds(100))
            #expect(!runner.store.record.isFollowing)
            runner.clock.advance(ms: 60_000)
            await runner.store.record.finish()
            #expect(await runner.store.record.save()?.kind == .treadmillRunning)
        }
    }
}
