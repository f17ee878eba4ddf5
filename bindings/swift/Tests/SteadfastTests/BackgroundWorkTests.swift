import Foundation
import Testing

@testable import Steadfast

/// What the app owes its store when nobody looks.
struct BackgroundWorkTests {
    /// Records, and goes away as if it had been killed.
    private func interrupted(in scratch: Scratch, stopped: Bool, seconds: Int = 60) async throws -> UUID {
        let app = try await TestApp(in: scratch)
        let id = try app.start()
        try app.run(seconds: seconds)
        if stopped { try app.recorder.stop() }
        try app.client.shutdown()
        return id
    }

    @Test func aWorkoutThatWasFinishedIsSavedWithoutAQuestion() async throws {
        let scratch = try Scratch()
        let id = try await interrupted(in: scratch, stopped: true)
        let app = try await TestApp(in: scratch, at: someMorning + 3600)
        let work = BackgroundWork(app.client)
        #expect(try await work.isDue())
        let outcome = try await work.run()
        #expect(outcome.saved.map(\.id) == [id] && outcome.failed.isEmpty && outcome.didBackUp)
        #expect(try await !work.isDue())
        #expect(try await app.stored().map(\.id) == [id])
    }

    @Test func aWorkoutThatStillRanIsLeftForThePersonToDecide() async throws {
        let scratch = try Scratch()
        let id = try await interrupted(in: scratch, stopped: false)
        let app = try await TestApp(in: scratch, at: someMorning + 3600)
        #expect(try await !BackgroundWork(app.client).isDue())
        #expect(try await BackgroundWork(app.client).run().saved.isEmpty)
        #expect(try await app.recorder.recovery().map(\.id) == [id])
    }

    @Test func whatCannotBeSavedIsSaidAndStays() async throws {
        let scratch = try Scratch()
        let short = try await interrupted(in: scratch, stopped: true, seconds: 1)
        let good = try await interrupted(in: scratch, stopped: true)
        let app = try await TestApp(in: scratch, at: someMorning + 3600)
        let outcome = try await BackgroundWork(app.client).run()
        #expect(outcome.saved.map(\.id) == [good])
        #expect(outcome.failed.mapValues { $0.codeName() } == [short: "too_few_samples"])
        #expect(try await app.recorder.recovery().map(\.id) == [short])
    }

    @Test func nothingIsCopiedWhileAWorkoutIsRecorded() async throws {
        let app = try await TestApp()
        try app.start()
        #expect(try await !BackgroundWork(app.client).run().didBackUp)
        try app.recorder.discard()
        #expect(try await BackgroundWork(app.client).run().didBackUp)
    }

    @Test func theSystemsPatienceEndsIt() async throws {
        let scratch = try Scratch()
        let id = try await interrupted(in: scratch, stopped: true)
        let app = try await TestApp(in: scratch, at: someMorning + 3600)
        let work = Task { [client = app.client] in
            withUnsafeCurrentTask { $0?.cancel() }
            return try await BackgroundWork(client).run()
        }
        await #expect(throws: CancellationError.self) { try await work.value }
        #expect(try await app.recorder.recovery().map(\.id) == [id])
    }
}
