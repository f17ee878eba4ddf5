import Foundation
import Steadfast
import Testing

@testable import DemoModels

extension Stories {
    @MainActor @Suite struct SavingStory {
        @Test func aRunThatIsTooShortSaysSoAndStays() async throws {
            let runner = try await Runner()
            let record = runner.store.record
            try await runner.finishRun(seconds: 2)
            #expect(await record.save() == nil)
            let failure = try #require(record.saving?.failure)
            #expect(failure.code == "distance_too_short")
            #expect(failure.suggestion == "Record a little longer, or discard the workout. What was recorded stays on this device.")
            #expect(!failure.isRetryable)

            await record.resume()
            try await runner.go(seconds: 20)
            await record.finish()
            #expect(await record.save() != nil)
        }

        @Test func aCancelledSaveChangesNothingAndCanBeRepeated() async throws {
            let runner = try await Runner()
            let record = runner.store.record
            try await runner.finishRun(seconds: 20)
            let saving = try #require(record.saving)
            let save = Task { await record.save() }
            while !saving.isSaving { await Task.yield() }
            saving.cancel()
            #expect(await save.value == nil)
            #expect(saving.wasCancelled)
            #expect(saving.failure == nil)
            #expect(record.saving === saving)
            await runner.store.list.pages.reload()
            #expect(runner.store.list.activities.isEmpty)

            let activity = try #require(await record.save())
            try await until("it is in the list once") { runner.store.list.activities.map(\.id) == [activity.id] }
        }

        @Test func aSaveSaysHowFarItIs() async throws {
            let runner = try await Runner()
            let record = runner.store.record
            var seen: [SaveProgress] = []
            // A save of eight hours takes some 20 ms: when the machine is busy, it is over before its words are heard.
            for _ in 0..<10 where seen.isEmpty {
                await record.start()
                let run = SyntheticRun().fixes(seconds: 8 * 3600, from: runner.clock.time().addingTimeInterval(1))
                runner.clock.advance(ms: 8 * 3600 * 1000)
                _ = try runner.client.recorder().addSamples(samples: run)
                await record.finish()
                let saving = try #require(record.saving)
                let save = Task { await record.save() }
                while saving.saved == nil, saving.failure == nil {
                    if let progress = saving.progress, progress != seen.last { seen.append(progress) }
                    try await Task.sleep(for: .microseconds(200))
                }
                #expect(await save.value?.sampleCount == 8 * 3600)
            }
            #expect(!seen.isEmpty)
            #expect(seen.allSatisfy { $0.total > 0 && $0.done <= $0.total })
        }

        @Test func aSaveBehindALockedScreenOpensTheStoreAndClosesItAgain() async throws {
            let runner = try await Runner()
            try await runner.finishRun(seconds: 20)
            runner.store.sleep()
            try await isSuspended(runner.store.list)
            #expect(await runner.store.record.save() != nil)
            try await isSuspended(runner.store.list)
            await runner.store.wake()
            #expect(runner.store.list.activities.count == 1)
        }

        @Test func asleepTheStoreIsClosedTheRecordingGoesOnAndAwakeTheListIsThere() async throws {
            let runner = try await Runner()
            try await runner.finishRun(seconds: 20)
            #expect(await runner.store.record.save() != nil)
            await runner.store.record.start()
            try await runner.go(seconds: 5)
            runner.store.sleep()
            try await isSuspended(runner.store.list)
            try await runner.go(seconds: 5)
            #expect(runner.client.recorder().live()?.unsavedSamples == 0)
            await runner.store.wake()
            #expect(runner.store.list.pages.reading.attempt.failure == nil)
            #expect(runner.store.list.activities.count == 1)
        }

        /// Waits until the store's files are closed.
        private func isSuspended(_ list: ActivityListModel) async throws {
            var code: String?
            for _ in 0..<1000 where code != "storage_suspended" {
                try await Task.sleep(for: .milliseconds(2))
                await list.pages.reload()
                code = list.pages.reading.attempt.failure?.code
            }
            #expect(code == "storage_suspended")
        }
    }
}
