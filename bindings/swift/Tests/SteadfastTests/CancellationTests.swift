import Foundation
import Testing

@testable import Steadfast

/// A cancelled task ends with what the core decided: the value if it was committed, otherwise `CancellationError` and nothing lost.
struct CancellationTests {
    @Test func aTaskThatWasCancelledBeforeTheSaveTouchesNothing() async throws {
        let app = try await TestApp()
        try app.start()
        try app.run(seconds: 30)
        let save = Task { [recorder = app.recorder] in
            withUnsafeCurrentTask { $0?.cancel() }
            return try await recorder.save()
        }
        await #expect(throws: CancellationError.self) { try await save.value }
        #expect(app.recorder.live()?.state == .recording)
        #expect(try await app.stored().isEmpty)
    }

    @Test func aCancelledSaveLeavesTheRecordingStoppedAndSaveable() async throws {
        let app = try await TestApp()
        try app.start()
        try app.run(seconds: 30)
        await #expect(throws: CancellationError.self) {
            try await cancelledWithTask { token in
                // As if the task were cancelled after the call began and before the core looks at the token.
                token.cancel()
                return try await app.recorder.save(options: SaveOptions(), cancel: token)
            }
        }
        #expect(app.recorder.live()?.state == .stopped)
        #expect(try await app.stored().isEmpty)
        #expect(try await app.recorder.save().title == "")
        #expect(try await app.stored().count == 1)
    }

    @Test func whateverTheMomentACancelledSaveIsSavedOrStillThere() async throws {
        var outcomes = (saved: 0, cancelled: 0)
        for round in 0..<60 {
            let app = try await TestApp()
            let id = try app.start()
            try app.run(seconds: 20)
            let save = Task { [recorder = app.recorder] in try await recorder.save() }
            // A save takes one to a few milliseconds here: the delays reach from before it to after it.
            try await Task.sleep(for: .microseconds(100 * round))
            save.cancel()
            switch await save.result {
            case .success(let activity):
                outcomes.saved += 1
                #expect(try await app.stored().map(\.id) == [activity.id])
                #expect(app.recorder.activeId() == nil)
            case .failure(let error):
                outcomes.cancelled += 1
                #expect(error is CancellationError)
                #expect(try await app.stored().isEmpty)
                #expect(app.recorder.activeId() == id)
            }
            try app.client.shutdown()
        }
        #expect(outcomes.saved > 0 && outcomes.cancelled > 0, "the moments were not spread: \(outcomes)")
    }

    @Test func anErrorThatIsNotACancellationStaysWhatItIsInACancelledTask() async throws {
        let app = try await TestApp()
        let call = Task { [recorder = app.recorder] in
            try await cancelledWithTask { token in
                token.cancel()
                return try await recorder.save(options: SaveOptions(), cancel: token)
            }
        }
        #expect(try await errorCode { _ = try await call.value } == "not_recording")
    }

    @Test func aCheckAndAnImportAreCancelledWithTheirTask() async throws {
        let app = try await TestApp()
        let file = app.scratch.url.appendingPathComponent("run.gpx")
        try Data("<gpx></gpx>".utf8).write(to: file)
        let calls = Task { [client = app.client] in
            withUnsafeCurrentTask { $0?.cancel() }
            await #expect(throws: CancellationError.self) { try await client.maintenance().checkIntegrity() }
            await #expect(throws: CancellationError.self) { try await client.maintenance().repair() }
            await #expect(throws: CancellationError.self) { try await client.activities().importFile(at: file) }
        }
        await calls.value
    }

    @Test func whateverIsTakenOverIsCancelledWithItsTask() async throws {
        let app = try await TestApp()
        let file = app.scratch.url.appendingPathComponent("earlier.json")
        let row = #"{"id": "1", "kind": "smoke", "started_at": "2026-01-28T12:00:00Z"}"#
        try Data(#"{"format_version": 1, "habit_logs": [\#(row)]}"#.utf8).write(to: file)
        let log = NewHabitLog(kind: "smoke", startedAt: someMorning, externalId: "2")
        let calls = Task { [client = app.client] in
            withUnsafeCurrentTask { $0?.cancel() }
            await #expect(throws: CancellationError.self) { try await client.migration().migrateFile(at: file) }
            await #expect(throws: CancellationError.self) { try await client.programs().migrate(sessions: []) }
            await #expect(throws: CancellationError.self) { try await client.metrics().migrate(entries: []) }
            await #expect(throws: CancellationError.self) { try await client.metrics().importHealth(records: []) }
            await #expect(throws: CancellationError.self) { try await client.habits().migrate(logs: [log]) }
        }
        await calls.value
        #expect(try await app.client.habits().list(query: HabitLogQuery()).logs.isEmpty)
        #expect(try await app.client.migration().migrateFile(at: file).habitLogs.imported == 1)
        #expect(try await app.client.habits().migrate(logs: [log]).imported == 1)
    }
}
