import Foundation
import Testing

@testable import Steadfast

struct StorageNeedTests {
    @Test func theStoreIsOpenOnTheScreenAndWhileSomethingWorksBehindIt() {
        var need = StorageNeed(isInForeground: true)
        #expect(need.isOpen)
        need.isInForeground = false
        #expect(!need.isOpen)
        need.begin()
        need.begin()
        need.end()
        #expect(need.isOpen)
        need.end()
        #expect(!need.isOpen)
        need.isInForeground = true
        #expect(need.isOpen)
    }
}

/// The store's files are closed in the background, or iOS kills the suspended app.
struct StorageSuspensionTests {
    @Test func inTheBackgroundNoDatabaseFileIsOpenAndTheRecordingGoesOn() async throws {
        let app = try await TestApp()
        // What the suspension still does at the end would put files into a folder that is gone.
        defer { try? app.client.shutdown() }
        let suspension = StorageSuspension(app.client)
        try app.start()
        await suspension.didEnterBackground()
        #expect(await eventually { openDatabaseFiles(in: app.scratch).isEmpty })
        try app.run(seconds: 30)
        #expect(try await errorCode { _ = try await app.stored() } == "storage_suspended")

        await suspension.willEnterForeground()
        // The first call after the return may come before the files are open; in here it waits for them.
        #expect(try await suspension.keepOpen { try await app.recorder.save().sampleCount } == 30)
        #expect(!openDatabaseFiles(in: app.scratch).isEmpty)
    }

    @Test func aGlanceAtAnotherAppLeavesTheStoreOpenAtItsEnd() async throws {
        let app = try await TestApp()
        defer { try? app.client.shutdown() }
        let suspension = StorageSuspension(app.client)
        for _ in 0..<20 {
            await suspension.didEnterBackground()
            await suspension.willEnterForeground()
        }
        try await suspension.keepOpen {}
        #expect(try await app.stored().isEmpty)
    }

    @Test func workInTheBackgroundFindsTheStoreOpenAndLeavesItClosed() async throws {
        let app = try await TestApp()
        defer { try? app.client.shutdown() }
        let suspension = StorageSuspension(app.client, isInForeground: false)
        let stored = try await suspension.keepOpen {
            // A second piece of work that ends first closes nothing.
            try await suspension.keepOpen {}
            return try await app.stored()
        }
        #expect(stored.isEmpty)
        #expect(await eventually { openDatabaseFiles(in: app.scratch).isEmpty })
    }

    @Test func workThatFailsLeavesTheStoreClosedToo() async throws {
        struct Trouble: Error {}
        let app = try await TestApp()
        defer { try? app.client.shutdown() }
        let suspension = StorageSuspension(app.client, isInForeground: false)
        await #expect(throws: Trouble.self) { try await suspension.keepOpen { throw Trouble() } }
        #expect(await eventually { openDatabaseFiles(in: app.scratch).isEmpty })
    }

    @Test func aStoreThatCannotBeOpenedIsSaidAndTriedAgain() async throws {
        let app = try await TestApp()
        defer { try? app.client.shutdown() }
        let failures = Locked<[String]>([])
        let suspension = StorageSuspension(app.client) { error in
            failures.withLock { $0.append((error as? SteadfastError)?.codeName() ?? "\(error)") }
        }
        await suspension.didEnterBackground()
        #expect(await eventually { openDatabaseFiles(in: app.scratch).isEmpty })
        // Another process takes the folder, as a misbehaving extension would.
        let other = try await SteadfastClient.open(app.scratch.config)
        await suspension.willEnterForeground()
        #expect(await eventually { failures.withLock { $0 } == ["storage_in_use"] })
        #expect(try await errorCode { try await suspension.keepOpen {} } == "storage_in_use")

        try other.shutdown()
        await suspension.didUnlock()
        #expect(await eventually { (try? await app.stored().isEmpty) == true })
    }

    @Test func aClientThatWasShutDownNeedsNoClosing() async throws {
        let app = try await TestApp()
        defer { try? app.client.shutdown() }
        let failures = Locked(0)
        let suspension = StorageSuspension(app.client) { _ in failures.withLock { $0 += 1 } }
        try app.client.shutdown()
        await suspension.didEnterBackground()
        await suspension.willEnterForeground()
        #expect(try await errorCode { try await suspension.keepOpen {} } == "storage_closed")
        #expect(failures.withLock { $0 } == 0)
    }

    @MainActor
    @Test func theClosingItselfHasTimeInTheBackground() async throws {
        let app = try await TestApp()
        defer { try? app.client.shutdown() }
        let time = CountedTime()
        let suspension = StorageSuspension(app.client, backgroundTime: time)
        suspension.didEnterBackground()
        // Before it returns: afterwards the system may suspend the app at any moment.
        #expect(time.held == 1)
        #expect(await eventually { openDatabaseFiles(in: app.scratch).isEmpty })
        #expect(await eventually { time.held == 0 })
        suspension.willEnterForeground()
        #expect(time.begun.count == 1)
    }
}

/// What this process holds open of a folder's database.
func openDatabaseFiles(in scratch: Scratch) -> [String] {
    let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return descriptors.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)") }
        .filter { $0.hasPrefix(scratch.url.path) && ($0.contains("steadfast.db") || $0.hasSuffix(".lock")) }
}
