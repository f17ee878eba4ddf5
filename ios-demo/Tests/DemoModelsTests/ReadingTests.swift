import Steadfast
import Testing

@testable import DemoModels

@MainActor @Suite struct ReadingTests {
    /// A read that ends when the test says so.
    private final class Gate {
        private(set) var reads = 0
        private var open: CheckedContinuation<Void, Never>?

        func read() async {
            reads += 1
            await withCheckedContinuation { open = $0 }
        }

        func end() { open.take()?.resume() }
    }

    @Test func whatChangesDuringAReadIsReadRightAfterItAndWaitedFor() async throws {
        let (reading, gate) = (Reading(), Gate())
        let first = Task { await reading.run { await gate.read() } }
        try await until("it reads") { gate.reads == 1 }
        var (isAsked, isRead) = (false, false)
        let second = Task {
            // Nothing else runs on the main actor between this and the wait.
            isAsked = true
            await reading.run { await gate.read() }
            isRead = true
        }
        try await until("somebody else asks") { isAsked }
        gate.end()
        try await until("it reads again") { gate.reads == 2 }
        #expect(!isRead && !reading.isLoaded, "the first read was too early")
        gate.end()
        await first.value
        await second.value
        #expect(gate.reads == 2 && isRead && reading.isLoaded)
    }

    @Test func aReadThatFailsIsTriedAgainAsAWhole() async {
        let reading = Reading()
        var calls = 0
        await reading.run {
            calls += 1
            if calls == 1 { try raiseError(codeName: "storage_full") }
        }
        #expect(reading.attempt.failure?.code == "storage_full" && !reading.isLoaded)
        await reading.attempt.retry()
        #expect(calls == 2 && reading.isLoaded && reading.attempt.failure == nil)
    }

    @Test func pagesThatChangeWhileTheNextIsReadAreReadFromTheTop() async throws {
        let gate = Gate()
        var stored = [5, 4, 3, 2, 1]
        let pages = Pages<Int, Int>(size: 2) { limit, after in
            if after != nil { await gate.read() }
            let rows = Array(stored.filter { $0 < after ?? .max }.prefix(Int(limit)))
            return (rows, rows.last == 1 ? nil : rows.last)
        }
        await pages.reload()
        #expect(pages.rows == [5, 4])
        let more = Task { await pages.loadMore(after: 4) }
        try await until("the next page is read") { gate.reads == 1 }
        stored.removeAll { $0 == 5 }
        var isAsked = false
        let reload = Task {
            isAsked = true
            await pages.reload()
        }
        try await until("the list is to be read again") { isAsked }
        gate.end()
        await more.value
        await reload.value
        #expect(pages.rows == [4, 3, 2, 1], "as far as it was read")
    }
}
