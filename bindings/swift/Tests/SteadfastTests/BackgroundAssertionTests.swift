import Foundation
import Testing

@testable import Steadfast

/// Time in the background is held around a save, and given back once, whatever happens.
@MainActor
struct BackgroundAssertionTests {
    @Test func itIsHeldWhileASaveRunsAndGivenBackAfterIt() async throws {
        let app = try await TestApp()
        let time = CountedTime()
        try app.start()
        try app.run(seconds: 30)
        try await app.recorder.save(backgroundTime: time)
        #expect(await eventually { time.ended == [1] })
        #expect(time.begun == ["Steadfast saves the workout"])
    }

    @Test func aSaveThatFailsGivesItBackToo() async throws {
        let app = try await TestApp()
        let time = CountedTime()
        await #expect(throws: SteadfastError.self) { try await app.recorder.save(backgroundTime: time) }
        #expect(await eventually { time.held == 0 })
        await #expect(throws: SteadfastError.self) { try await app.recorder.saveRecovered(id: UUID(), backgroundTime: time) }
        #expect(await eventually { time.held == 0 })
    }

    @Test func itIsHeldForAsLongAsTheWorkTakes() async throws {
        let time = CountedTime()
        let result = await holdingBackgroundTime(for: "work", from: time) {
            #expect(await eventually { time.held == 1 })
            return 7
        }
        #expect(result == 7)
        #expect(await eventually { time.held == 0 && time.begun == ["work"] })
    }

    @Test func whenTheTimeIsOverItIsGivenBackAndTheWorkGoesOn() async throws {
        let time = CountedTime()
        let result = await holdingBackgroundTime(for: "work", from: time) {
            #expect(await eventually { time.held == 1 })
            time.expire()
            #expect(time.ended == [1])
            return Task.isCancelled
        }
        #expect(!result)
        // Not a second time, which would end somebody else's.
        try await Task.sleep(for: .milliseconds(20))
        #expect(time.ended == [1])
    }

    @Test func timeThatIsOverBeforeItWasGivenIsGivenBack() {
        let time = CountedTime(expiresAtOnce: true)
        let assertion = BackgroundAssertion(from: time)
        assertion.begin("work")
        #expect(time.ended == [1])
        assertion.end()
        #expect(time.ended == [1])
    }

    @Test func workThatIsDoneAtOnceAsksForNothing() {
        let time = CountedTime()
        let assertion = BackgroundAssertion(from: time)
        assertion.end()
        assertion.begin("work")
        #expect(time.begun.isEmpty)
    }

    @Test func withoutTimeTheWorkIsDoneAllTheSame() async throws {
        let time = CountedTime(gives: false)
        let result = await holdingBackgroundTime(for: "work", from: time) { 7 }
        #expect(result == 7 && time.ended.isEmpty)
    }

    @Test func aMainThreadThatWaitsForASaveGetsItsSave() async throws {
        let app = try await TestApp()
        try app.start()
        try app.run(seconds: 30)
        let isSaved = DispatchSemaphore(value: 0)
        Task.detached { [recorder = app.recorder] in
            _ = try await recorder.save(backgroundTime: CountedTime())
            isSaved.signal()
        }
        // What an app does in `applicationWillTerminate`; with a save that needs the main actor it would wait for ever.
        let outcome = waitBlocking(isSaved)
        #expect(outcome == .success)
    }

    private nonisolated func waitBlocking(_ semaphore: DispatchSemaphore) -> DispatchTimeoutResult {
        semaphore.wait(timeout: .now() + 10)
    }
}
