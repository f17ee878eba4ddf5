import Foundation
import Testing

/// An app that opens and closes its client for years holds no more at the end than at the beginning.
struct HandleTests {
    /// `STEADFAST_ROUNDS_SWIFT` sets their number.
    private let rounds = ProcessInfo.processInfo.environment["STEADFAST_ROUNDS_SWIFT"].flatMap(Int.init) ?? 10_000

    @Test(.timeLimit(.minutes(5)))
    func tenThousandRoundsOfOpeningAndClosingLeaveNothing() async throws {
        let scratch = try Scratch()
        let arguments = ["rounds", scratch.config.dataDir, "\(rounds)"]
        // A process of its own: the other tests open and close files meanwhile.
        let heard = try await onThread { try Child(arguments).hear() }
        let figures = heard.lines.map { $0.split(separator: " ").compactMap { Int($0) } }
        try #require(figures.count == 2 && figures.allSatisfy { $0.count == 4 }, "the child said: \(heard.lines)")
        let (early, late) = (figures[0], figures[1])
        #expect(late[0] == rounds)
        #expect(late[1] <= early[1], "descriptors")
        #expect(late[2] <= early[2], "threads")
        // A leak of one small object a round, 100 bytes, would be 900 kB.
        #expect(late[3] - early[3] < 800, "resident memory in kB: \(early[3]), later \(late[3])")
    }
}
