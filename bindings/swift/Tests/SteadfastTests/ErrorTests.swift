import Foundation
import Testing

@testable import Steadfast

struct ErrorTests {
    @Test(arguments: errorCodes())
    func everyErrorSaysWhatWhyAndWhatToDo(code: String) async throws {
        let error = try #require(await steadfastError { try raiseError(codeName: code) })
        #expect(error.codeName() == code)
        #expect(error.errorDescription == "\(error.summary()): \(error.detail())")
        #expect(error.failureReason?.isEmpty == false)
        #expect(error.recoverySuggestion?.isEmpty == false)
        // What an alert or a log gets that knows nothing of Steadfast.
        #expect(error.localizedDescription == error.errorDescription)
        #expect("\(error)" == error.errorDescription)
    }

    @Test func anErrorWithoutADetailIsItsSummary() {
        let error = SteadfastError.save(code: .cancelled, dataPath: nil, detail: "")
        #expect(error.localizedDescription == "Cancelled")
    }

    @Test func afterTheShutdownEveryCallSaysThatTheClientIsClosed() async throws {
        let app = try await TestApp()
        let (recorder, activities, maintenance) = (app.recorder, app.client.activities(), app.client.maintenance())
        try app.start()
        try app.run(seconds: 20)
        try app.client.shutdown()
        let calls: [(String, () async throws -> Void)] = [
            ("start", { _ = try recorder.start(options: StartOptions(kind: .running)) }),
            ("addSamples", { _ = try recorder.addSamples(samples: [fix(at: someMorning)]) }),
            ("pause", { _ = try recorder.pause() }),
            ("save", { _ = try await recorder.save() }),
            ("recovery", { _ = try await recorder.recovery() }),
            ("list", { _ = try await activities.list(query: ActivityQuery()) }),
            ("checkIntegrity", { _ = try await maintenance.checkIntegrity() }),
            ("suspendStorage", { try app.client.suspendStorage(deadlineMs: 10) }),
        ]
        for (name, call) in calls {
            let error = try await steadfastError(call)
            #expect(error?.codeName() == "storage_closed", "\(name)")
            #expect(error?.localizedDescription == "The client is closed", "\(name)")
        }
        #expect(recorder.live() == nil)
        try app.client.shutdown()
    }
}
