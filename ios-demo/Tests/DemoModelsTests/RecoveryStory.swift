import Foundation
import Steadfast
import Testing

@testable import DemoModels

extension Stories {
    /// The app is killed in the middle of a run, and started again.
    @MainActor @Suite struct RecoveryStory {
        /// What a kill leaves after so many seconds of a run.
        private func killed(after seconds: Int, in scratch: Scratch = Scratch()) async throws -> Scratch {
            let runner = try await Runner(in: scratch)
            await runner.store.record.start()
            try await runner.go(seconds: seconds)
            return try runner.scratch.asKilledNow()
        }

        private func restarted(_ scratch: Scratch, later: TimeInterval = 600) async throws -> Runner {
            let runner = try await Runner(in: scratch, at: Date(timeIntervalSince1970: 1_780_315_200 + later))
            await runner.store.recovery.load()
            return runner
        }

        @Test func nothingLeftBehindAsksNothing() async throws {
            let runner = try await restarted(Scratch())
            #expect(!runner.store.recovery.isOffered)
        }

        @Test func itIsResumedWithEveryAcknowledgedFixAndSavedAsOne() async throws {
            let runner = try await restarted(killed(after: 60))
            let (recovery, record) = (runner.store.recovery, runner.store.record)
            #expect(recovery.isOffered)
            let workout = try #require(recovery.workouts.first)
            #expect(workout.sampleCount == 120)
            #expect(workout.canResume && workout.isFresh && workout.state == .recording)
            let spoken = Wording(Format(locale: Locale(identifier: "en_GB"))).recoveredDetails(workout, damage: nil)
            #expect(spoken.hasPrefix("Ended while recording, 0.18 kilometres, "))
            #expect(recovery.damage(of: workout) == nil)

            await recovery.resume(workout)
            #expect(!recovery.isOffered)
            try await until("it is recorded again") { record.statistics?.state == .recording }
            try await runner.go(seconds: 60)
            await record.finish()
            let activity = try #require(await record.save())
            #expect(activity.id == workout.id)
            #expect(activity.sampleCount == 120)
            #expect(activity.segmentCount == 2)
            #expect(activity.timerS < 125)
        }

        @Test func itIsSavedAsItIs() async throws {
            let runner = try await restarted(killed(after: 60))
            let recovery = runner.store.recovery
            await recovery.save(try #require(recovery.workouts.first))
            #expect(recovery.attempt.failure == nil)
            #expect(!recovery.isOffered)
            try await until("it is in the list") { runner.store.list.activities.first?.sampleCount == 60 }
            await recovery.load()
            #expect(recovery.workouts.isEmpty)
        }

        @Test func itIsDiscarded() async throws {
            let runner = try await restarted(killed(after: 20))
            let recovery = runner.store.recovery
            await recovery.discard(try #require(recovery.workouts.first))
            #expect(!recovery.isOffered)
            await recovery.load()
            #expect(recovery.workouts.isEmpty)
            #expect(runner.store.list.activities.isEmpty)
        }

        @Test func aFinishedOneWaitsToBeSavedAgain() async throws {
            let before = try await Runner()
            try await before.finishRun(seconds: 20)
            let runner = try await restarted(before.scratch.asKilledNow())
            let (recovery, record) = (runner.store.recovery, runner.store.record)
            let workout = try #require(recovery.workouts.first)
            #expect(workout.state == .stopped)
            await recovery.resume(workout)
            try await until("it is there") { record.statistics?.state == .stopped }
            #expect(record.saving != nil)
            #expect(!record.isFollowing)
            #expect(await record.save()?.sampleCount == 20)
        }

        @Test func afterAWeekItCanOnlyBeSaved() async throws {
            let runner = try await restarted(killed(after: 60), later: 8 * 86_400)
            let recovery = runner.store.recovery
            let workout = try #require(recovery.workouts.first)
            #expect(!workout.canResume && !workout.isFresh)
            await recovery.resume(workout)
            #expect(recovery.attempt.failure?.code == "recovery_too_old")
            #expect(recovery.attempt.failure?.suggestion == "Save or export it instead.")
            #expect(recovery.isOffered)
            await recovery.save(workout)
            #expect(recovery.attempt.failure == nil)
            try await until("it is in the list") { runner.store.list.activities.count == 1 }
        }

        @Test func severalAreOfferedSideBySideAndDecidedOneByOne() async throws {
            let once = try await killed(after: 30)
            let twice = try await killed(after: 20, in: once)
            let runner = try await restarted(twice)
            let recovery = runner.store.recovery
            #expect(recovery.workouts.count == 2)
            await recovery.discard(recovery.workouts[1])
            #expect(recovery.workouts.count == 1)
            #expect(recovery.isOffered)
            await recovery.save(recovery.workouts[0])
            #expect(!recovery.isOffered)
            try await until("it is in the list") { runner.store.list.activities.count == 1 }
        }

        @Test func aDamagedOneSaysWhyAndCanBeDiscarded() async throws {
            let scratch = try await killed(after: 20)
            for file in try scratch.recoveryFiles() { try Data("not a recording".utf8).write(to: file) }
            let runner = try await restarted(scratch)
            let recovery = runner.store.recovery
            let workout = try #require(recovery.workouts.first)
            let damage = try #require(recovery.damage(of: workout))
            #expect(damage.code == "recovery_corrupted")
            #expect(damage.summary == "The unfinished workout cannot be read")
            #expect(!workout.canResume)
            await recovery.discard(workout)
            #expect(!recovery.isOffered)
            #expect(try scratch.recoveryFiles().isEmpty)
        }

        @Test func anEmergencyBackupIsOfferedToo() async throws {
            let scratch = try await killed(after: 30)
            // As the last resort of a failed save leaves it: the same folder, moved.
            let (recovery, backups) = (scratch.url.appendingPathComponent("recovery"), scratch.url.appendingPathComponent("backups"))
            try? FileManager.default.removeItem(at: backups)
            try FileManager.default.moveItem(at: recovery, to: backups)
            let runner = try await restarted(scratch)
            let model = runner.store.recovery
            let workout = try #require(model.workouts.first)
            #expect(workout.location == .backup)
            await model.save(workout)
            #expect(model.attempt.failure == nil)
            #expect(!model.isOffered)
            try await until("it is in the list") { runner.store.list.activities.first?.id == workout.id }
        }

        @Test func aBackgroundStartGoesOnWithoutAQuestion() async throws {
            let runner = try await Runner(in: killed(after: 20), at: Date(timeIntervalSince1970: 1_780_315_200 + 300))
            await runner.store.resumeFresh()
            await runner.store.recovery.load()
            #expect(!runner.store.recovery.isOffered)
            try await runner.go(seconds: 20)
            try await until("it counts again") { runner.store.record.statistics?.acknowledgedSamples == 80 }
        }
    }
}
