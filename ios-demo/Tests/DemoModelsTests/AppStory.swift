import Foundation
import Steadfast
import Testing

@testable import DemoModels

/// Delivers nothing: a receiver that has no signal yet.
private struct NoSignal: LocationFeed {
    func updates() -> AsyncStream<LocationUpdate> { AsyncStream { _ in } }
}

extension Stories {
    @MainActor @Suite struct AppStory {
        /// The app, with folders in a scratch folder that lives as long.
        private func app(in scratch: Scratch, device: (any LocationFeed)? = NoSignal()) throws -> AppModel {
            try FileManager.default.createDirectory(at: scratch.url, withIntermediateDirectories: true)
            return AppModel(
                settings: DemoSettings(defaults: MemorySettings()),
                device: device,
                folder: { DataFolder(scratch.url.appendingPathComponent($0)) }
            )
        }

        @Test func aReplayRunsByItselfAndIsThereAfterARestart() async throws {
            let scratch = Scratch()
            let app = try app(in: scratch, device: nil)
            #expect(app.isReplay)
            await app.enterForeground()
            let store = try #require(app.store)
            await store.record.start()
            try await until("the replay runs") { (store.record.statistics?.distanceM ?? 0) > 30 }
            #expect(store.record.statistics?.heartRateBpm != nil)
            await app.close()

            await app.open()
            let recovery = try #require(app.store).recovery
            #expect(recovery.isOffered)
            await recovery.save(try #require(recovery.workouts.first))
            #expect(recovery.attempt.failure == nil)
            try await until("it is in the list") { app.store?.list.activities.count == 1 }
            await app.close()
        }

        @Test func aReplayIsKeptApartFromThePersonsOwn() async throws {
            let scratch = Scratch()
            let app = try app(in: scratch)
            await app.open()
            app.settings.replays = true
            await app.reopen()
            let store = try #require(app.store)
            await store.record.start()
            try await until("the replay runs") { (store.record.statistics?.distanceM ?? 0) > 15 }
            await app.reopen()
            #expect(app.store === store, "nothing is switched while something is recorded")
            await store.record.finish()
            #expect(await store.record.save() != nil)
            try await until("nothing is recorded any more") { store.record.statistics == nil }
            app.settings.replays = false
            await app.reopen()
            #expect(app.store?.list.activities.isEmpty == true)
            await app.close()
        }

        @Test func aStoreThatIsInUseIsSaidAndTriedAgain() async throws {
            let scratch = Scratch()
            let app = try app(in: scratch)
            let other = try await SteadfastClient.open(in: DataFolder(scratch.url.appendingPathComponent("Steadfast")))
            await app.open()
            guard case .failed(let failure) = app.phase else {
                Issue.record("it was opened")
                return
            }
            #expect(failure.code == "storage_in_use")
            #expect(failure.isRetryable)
            try other.shutdown()
            await app.open()
            #expect(app.store != nil)
            await app.close()
        }

        @Test func theBackgroundClosesTheStoreAndTheForegroundOpensIt() async throws {
            let app = try app(in: Scratch())
            await app.enterForeground()
            let store = try #require(app.store)
            app.enterBackground()
            await app.enterForeground()
            #expect(app.store === store)
            #expect(store.list.pages.reading.attempt.failure == nil)
            #expect(store.failure == nil)
            await app.close()
        }

        @Test func aFinishedRunThatWasNotSavedIsWorkForTheNight() async throws {
            let scratch = Scratch()
            let app = try app(in: scratch, device: nil)
            await app.open()
            var store = try #require(app.store)
            #expect(await !app.hasBackgroundWork())
            await store.record.start()
            try await until("the replay runs") { (store.record.statistics?.distanceM ?? 0) > 15 }
            await store.record.finish()
            await app.close()

            let (client, suspension) = try await app.storeForBackgroundWork()
            store = try #require(app.store)
            #expect(await app.hasBackgroundWork())
            let outcome = try await suspension.keepOpen { try await BackgroundWork(client).run() }
            #expect(outcome.saved.count == 1)
            try await until("it is in the list") { store.list.activities.count == 1 }
            await app.close()
        }
    }
}
