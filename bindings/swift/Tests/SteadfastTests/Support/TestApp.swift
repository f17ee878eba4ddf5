import Foundation

@testable import Steadfast

/// A client on a folder of its own, with a clock that the test moves.
struct TestApp {
    let scratch: Scratch
    let clock: ManualClock
    let client: SteadfastClient
    var recorder: Recorder { client.recorder() }

    init(in scratch: Scratch? = nil, listener: (any EventListener)? = nil, at time: Date = someMorning) async throws {
        self.scratch = try scratch ?? Scratch()
        clock = ManualClock(time: time)
        client = try await SteadfastClient.openWithClock(config: self.scratch.config, listener: listener, clock: clock)
    }

    /// Starts a run.
    @discardableResult
    func start(_ kind: ActivityKind = .running) throws -> UUID {
        try recorder.start(options: StartOptions(kind: kind))
    }

    /// Runs north at 3 m/s, a fix a second.
    @discardableResult
    func run(seconds: Int) throws -> LiveStatistics? {
        var live: LiveStatistics?
        for _ in 0..<seconds {
            clock.advance(ms: 1000)
            live = try recorder.addSamples(samples: [fix(at: clock.time())])
        }
        return live
    }

    func stored() async throws -> [Activity] {
        try await client.activities().list(query: ActivityQuery()).activities
    }
}

/// 1 May 2026, 8:00 UTC.
let someMorning = Date(timeIntervalSince1970: 1_777_622_400)

/// Where somebody is who runs north at 3 m/s all the time: always good enough for the track.
func fix(at time: Date) -> LocationSample {
    LocationSample(
        time: time,
        latitudeDeg: 47 + 3 * time.timeIntervalSince(someMorning) / 111_320,
        longitudeDeg: 8,
        altitudeM: 500,
        horizontalAccuracyM: 5,
        speedMps: 3
    )
}

/// Waits until something holds; false if it does not within the time.
func eventually(
    within limit: Duration = .seconds(10),
    isolation: isolated (any Actor)? = #isolation,
    _ holds: () async -> Bool
) async -> Bool {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
        if await holds() { return true }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return await holds()
}
