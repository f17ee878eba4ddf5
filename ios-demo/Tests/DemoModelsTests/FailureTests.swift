import Foundation
import Steadfast
import Testing

@testable import DemoModels

@MainActor @Suite struct FailureTests {
    @Test(arguments: errorCodes()) func everyErrorOfTheCoreHasWordsForAPerson(code: String) {
        let failure = Failure(code: code)
        #expect(failure.code == code)
        #expect(!failure.summary.isEmpty && !failure.reason.isEmpty && !failure.suggestion.isEmpty)
    }

    @Test func aCodeThatIsNotKnownIsSaid() {
        #expect(Failure(code: "no_such_code").summary == Failure(code: "invalid_argument").summary)
    }

    @Test func whatThePlatformSaysIsShown() {
        let failure = Failure(CocoaError(.fileReadNoSuchFile))
        #expect(failure.reason == CocoaError(.fileReadNoSuchFile).localizedDescription)
        #expect(failure.isRetryable)
    }

    @Test func eachTroubleWithPositionsHasWordsOfItsOwn() {
        let problems: [LocationProblem] = [.denied, .reducedAccuracy, .noBackgroundMode, .failed("no signal")]
        #expect(Set(problems.map { Failure($0).summary }).count == problems.count)
        #expect(Failure(LocationProblem.failed("no signal")).reason == "no signal")
    }

    @Test func anAttemptShowsItsFailureAndRepeatsWhatFailed() async {
        let attempt = Attempt()
        var calls = 0
        let work: @MainActor () async throws -> Void = {
            calls += 1
            if calls < 3 { try raiseError(codeName: "storage_full") }
        }
        #expect(await !attempt.run(work))
        #expect(attempt.failure?.suggestion == "Free some space, then try again. A recording goes on in memory meanwhile.")
        #expect(attempt.failure?.isRetryable == true)
        await attempt.retry()
        #expect(calls == 2 && attempt.failure != nil)
        await attempt.retry()
        #expect(calls == 3 && attempt.failure == nil)
        await attempt.retry()
        #expect(calls == 3)
    }

    @Test func aCancelledAttemptIsNoFailure() async {
        let attempt = Attempt()
        #expect(await !attempt.run { throw CancellationError() })
        #expect(attempt.failure == nil)
        #expect(await !attempt.run { try raiseError(codeName: "cancelled") })
        #expect(attempt.failure == nil)
    }

    @Test func aSecondAttemptWaitsForNobody() async {
        let attempt = Attempt()
        await attempt.run { #expect(await !attempt.run {}) }
        #expect(await attempt.run {})
    }
}
