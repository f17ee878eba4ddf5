import Foundation

/// Plays recorded positions as if they were taken now: for previews, tests, and a simulator.
public struct ReplayFeed: LocationFeed {
    private let samples: [LocationSample]
    private let clock: ManualClock?
    private let speed: Double

    /// Plays in real time, from now on.
    ///
    /// - Parameter samples: What is played, oldest first; only the time between them counts.
    public init(_ samples: [LocationSample]) {
        (self.samples, clock, speed) = (samples, nil, 1)
    }

    /// Plays faster than time, for a client that was opened with `openWithClock`.
    ///
    /// - Parameters:
    ///   - samples: What is played, oldest first; only the time between them counts.
    ///   - clock: The client's clock; it is moved to each sample's time before the sample is given.
    ///   - speed: Seconds played a second; `.infinity` waits for nothing.
    public init(_ samples: [LocationSample], clock: ManualClock, speed: Double) {
        (self.samples, self.clock, self.speed) = (samples, clock, speed)
    }

    public func updates() -> AsyncStream<LocationUpdate> {
        let playback = Playback(samples: samples, clock: clock, speed: speed)
        // Pulled, so that the clock moves no further than what was taken.
        return AsyncStream { await playback.next() }
    }
}

/// How far a replay is.
private actor Playback {
    private let samples: [LocationSample]
    private let clock: ManualClock?
    private let speed: Double
    private let start: Date
    private var nextSample = 0
    private var playedMs: Int64 = 0

    init(samples: [LocationSample], clock: ManualClock?, speed: Double) {
        (self.samples, self.clock, self.speed) = (samples, clock, speed)
        start = clock?.time() ?? Date()
    }

    func next() async -> LocationUpdate? {
        guard nextSample < samples.count else { return nil }
        let sample = samples[nextSample]
        let ms = Int64((sample.time.timeIntervalSince(samples[0].time) * 1000).rounded())
        let wait = Double(ms - playedMs) / 1000 / speed
        if wait > 0, (try? await Task.sleep(for: .seconds(wait))) == nil {
            // Cancelled: nobody listens any more.
            return nil
        }
        clock?.advance(ms: ms - playedMs)
        (nextSample, playedMs) = (nextSample + 1, ms)
        return .samples([sample.taken(at: start.addingTimeInterval(Double(ms) / 1000))])
    }
}

extension LocationSample {
    /// The same fix at another time; the clock that counts sleep is not known for it.
    func taken(at time: Date) -> LocationSample {
        LocationSample(
            time: time,
            latitudeDeg: latitudeDeg,
            longitudeDeg: longitudeDeg,
            altitudeM: altitudeM,
            horizontalAccuracyM: horizontalAccuracyM,
            verticalAccuracyM: verticalAccuracyM,
            speedMps: speedMps,
            courseDeg: courseDeg,
            source: source
        )
    }
}
