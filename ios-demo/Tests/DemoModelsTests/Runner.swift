import Foundation
import Steadfast
import Testing

@testable import DemoModels

/// A receiver that delivers what the test says.
@MainActor final class HandFeed: LocationFeed {
    private var listener: AsyncStream<LocationUpdate>.Continuation?

    func updates() -> AsyncStream<LocationUpdate> {
        let (stream, continuation) = AsyncStream.makeStream(of: LocationUpdate.self)
        listener = continuation
        return stream
    }

    func say(_ update: LocationUpdate) { listener?.yield(update) }
}

/// A person with a phone: the made-up run, a second at a time, through the real feed, recorder and store.
@MainActor final class Runner {
    let clock: ManualClock
    let scratch: Scratch
    let client: SteadfastClient
    let store: OpenStore
    private let feed = HandFeed()
    private let run = SyntheticRun()
    private var second = 0

    /// Opens a store as the app does.
    init(in scratch: Scratch = Scratch(), at time: Date = Date(timeIntervalSince1970: 1_780_315_200)) async throws {
        self.scratch = scratch
        clock = ManualClock(time: time)
        let folder = DataFolder(scratch.url)
        try folder.prepare()
        client = try await SteadfastClient.openWithClock(config: Config(dataDir: scratch.url.path), listener: nil, clock: clock)
        store = OpenStore(client: client, folder: folder, feed: feed, settings: DemoSettings(defaults: MemorySettings()))
    }

    // Before the folder goes, or what is closed after it would make it again.
    deinit { try? client.shutdown() }

    /// Says that something is wrong with the positions, or right again.
    func say(_ problem: LocationProblem?) { feed.say(.problem(problem)) }

    /// Runs on for so many seconds; each fix is acknowledged before the next is taken.
    func go(seconds: Int) async throws {
        try await until("positions are wanted") { store.record.isFollowing }
        let recorder = client.recorder()
        for _ in 0..<seconds {
            clock.advance(ms: 1000)
            let time = clock.time()
            let reading = SensorReading(time: time, heartRateBpm: run.heartRateBpm(atSecond: Double(second)))
            let before = try recorder.addReadings(readings: [reading]).acknowledgedSamples
            feed.say(.samples([run.fix(atSecond: Double(second), time: time)]))
            try await until("the fix is acknowledged") { recorder.live()?.acknowledgedSamples == before + 1 }
            second += 1
        }
    }

    /// Starts, runs and finishes.
    func finishRun(seconds: Int) async throws {
        await store.record.start()
        try await go(seconds: seconds)
        await store.record.finish()
    }
}
