import Foundation
import Testing

@testable import Steadfast

/// Whatever a listener does, it hurts nobody.
struct ListenerTests {
    @Test func aListenerThatThrowsGetsTheNextEventAllTheSame() async throws {
        let listener = Listener { _ in throw Trouble() }
        let app = try await TestApp(listener: listener)
        try app.start()
        try app.run(seconds: 20)
        try await app.recorder.save()
        #expect(await eventually { listener.heard.contains { if case .changed = $0 { true } else { false } } })
    }

    @Test(.timeLimit(.minutes(1)))
    func aListenerThatBlocksForTenSecondsHoldsNobodyUp() async throws {
        let listener = Listener { _ in Thread.sleep(forTimeInterval: 10) }
        let app = try await TestApp(listener: listener)
        let events = app.client.events
        let took = try await ContinuousClock().measure {
            try app.start()
            #expect(await eventually { listener.calls == 1 })
            try app.run(seconds: 20)
            try app.recorder.pause()
            try await app.recorder.save()
            for await event in events {
                if case .changed = event { break }
            }
            try app.client.shutdown()
        }
        #expect(took < .seconds(8), "the listener blocks for 10 s")
    }

    @Test(.timeLimit(.minutes(1)))
    func aListenerMayCallTheClient() async throws {
        let seen = Locked<(live: LiveStatistics?, refusal: String?)>((nil, nil))
        let holder = Locked<SteadfastClient?>(nil)
        let listener = Listener { event in
            guard case .recording(_, .recording, _) = event, let client = holder.withLock({ $0 }) else { return }
            let live = client.recorder().live()
            var refusal: String?
            do {
                _ = try client.recorder().start(options: StartOptions(kind: .running))
            } catch let error as SteadfastError {
                refusal = error.codeName()
            }
            _ = client.subscribe()
            seen.withLock { $0 = (live, refusal) }
        }
        let app = try await TestApp(listener: listener)
        holder.withLock { $0 = app.client }
        try app.start()
        #expect(await eventually { seen.withLock { $0.refusal } == "already_recording" })
        #expect(seen.withLock { $0.live }?.state == .recording)
        holder.withLock { $0 = nil }
    }

    @Test(.timeLimit(.minutes(1)))
    func aListenerMayShutTheClientDown() async throws {
        let holder = Locked<SteadfastClient?>(nil)
        let listener = Listener { _ in try holder.withLock { $0 }?.shutdown() }
        let app = try await TestApp(listener: listener)
        holder.withLock { $0 = app.client }
        try app.start()
        #expect(await eventually { app.recorder.live() == nil && listener.calls >= 1 })
        holder.withLock { $0 = nil }
        #expect(throws: SteadfastError.self) { try app.start() }
    }

    @Test func noCallBeginsAfterTheShutdownReturned() async throws {
        for _ in 0..<30 {
            let isDown = Locked(false)
            let late = Locked(0)
            let listener = Listener { _ in
                if isDown.withLock({ $0 }) { late.withLock { $0 += 1 } }
            }
            let app = try await TestApp(listener: listener)
            try app.start()
            for _ in 0..<5 {
                try app.recorder.pause()
                try app.recorder.resume()
            }
            try app.client.shutdown()
            // A call that was under way may still be in its first line.
            try await Task.sleep(for: .milliseconds(2))
            isDown.withLock { $0 = true }
            try await Task.sleep(for: .milliseconds(10))
            #expect(late.withLock { $0 } == 0)
        }
    }

    @Test func theListenerIsLetGoWithTheClient() async throws {
        weak var gone: Listener?
        do {
            let listener = Listener { _ in }
            gone = listener
            let app = try await TestApp(listener: listener)
            try app.start()
            #expect(gone != nil)
        }
        #expect(await eventually { gone == nil })
    }
}

private struct Trouble: Error {}

/// Does what the test says, and remembers.
private final class Listener: EventListener {
    private let react: @Sendable (Event) throws -> Void
    private let events = Locked<[Event]>([])

    init(_ react: @escaping @Sendable (Event) throws -> Void) {
        self.react = react
    }

    var heard: [Event] { events.withLock { $0 } }
    var calls: Int { heard.count }

    func onEvent(event: Event) throws {
        events.withLock { $0.append(event) }
        try react(event)
    }
}
