import Foundation
import Testing

@testable import Steadfast

/// `client.events`: a stream per access, that ends with its task, with its loop, and with the client.
struct EventsTests {
    @Test func aStreamHasWhatHappensFromItsAccessOn() async throws {
        let app = try await TestApp()
        let early = app.client.events
        let id = try app.start()
        let late = app.client.events
        try app.run(seconds: 20)
        try await app.recorder.save()
        var states: [Event] = []
        for await event in early {
            states.append(event)
            if case .changed = event { break }
        }
        #expect(states.contains(.changed(entity: .activity, id: id)))
        #expect(states.first.map(isRecording) == true)
        try app.client.shutdown()
        // The state is told as it is now; the start was before this stream.
        for await event in late {
            #expect(event != .recording(workoutId: id, state: .recording, unsavedSamples: 0))
        }
    }

    @Test func aTaskThatWaitsForAnEventEndsWhenItIsCancelled() async throws {
        let app = try await TestApp()
        let events = app.client.events
        let hasEnded = Locked(false)
        let waiting = Task {
            for await event in events { Issue.record("\(event) of nothing") }
            hasEnded.withLock { $0 = true }
        }
        try await Task.sleep(for: .milliseconds(50))
        waiting.cancel()
        #expect(await eventually { hasEnded.withLock { $0 } })
    }

    @Test(.timeLimit(.minutes(1)))
    func everyStreamEndsWithTheClient() async throws {
        var app: TestApp? = try await TestApp()
        let streams = [try #require(app).client.events, try #require(app).client.events]
        try #require(app).client.shutdown()
        for stream in streams {
            for await event in stream { Issue.record("\(event) after the end") }
        }
        for await event in try #require(app).client.events { Issue.record("\(event) after the end") }

        app = try await TestApp()
        let last = try #require(app).client.events
        app = nil
        for await event in last { Issue.record("\(event) after the end") }
    }

    @Test func aLoopThatIsLeftEarlyLeavesNothingBehind() async throws {
        let app = try await TestApp()
        weak var subscription: EventSubscription?
        do {
            let own = app.client.subscribe()
            subscription = own
            let events = EventSubscription.stream(of: own)
            try app.start()
            for await _ in events { break }
        }
        #expect(subscription == nil)
    }

    @Test func aStreamKeepsNoStoreOpen() async throws {
        let scratch = try Scratch()
        var client: SteadfastClient? = try await SteadfastClient.open(scratch.config)
        let events = try #require(client).events
        client = nil
        // Would say `storage_in_use`.
        try await SteadfastClient.open(scratch.config).shutdown()
        for await _ in events {}
    }

    private func isRecording(_ event: Event) -> Bool {
        if case .recording = event { true } else { false }
    }
}
