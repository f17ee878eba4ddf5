import Foundation
import Steadfast

/// Plays the made-up run where there is no receiver, and its heart rate as a strap would deliver it.
public struct SyntheticFeed: LocationFeed {
    private let run = SyntheticRun()
    private let recorder: Recorder
    private let clock: ManualClock
    private let speed: Double
    private let seconds: Int

    /// Plays from now on; each recording begins at the start of the run.
    ///
    /// - Parameters:
    ///   - recorder: Who takes the heart rate; the positions are given to whoever asks for them.
    ///   - clock: The client's clock; the replay moves it.
    ///   - speed: Seconds played a second; `.infinity` waits for nothing.
    ///   - seconds: How long the run is; three hours are longer than anybody watches.
    public init(recorder: Recorder, clock: ManualClock, speed: Double, seconds: Int = 3 * 3600) {
        self.recorder = recorder
        self.clock = clock
        self.speed = speed
        self.seconds = seconds
    }

    public func updates() -> AsyncStream<LocationUpdate> {
        let replay = ReplayFeed(run.fixes(seconds: seconds, from: clock.time()), clock: clock, speed: speed)
        let playback = Playback(replay.updates(), run: run, recorder: recorder)
        // Pulled, so that the clock moves no further than what was taken.
        return AsyncStream { await playback.next() }
    }
}

/// How far a replay is. One reader pulls, one call at a time; that is what an `AsyncStream` of a closure promises.
private final class Playback: @unchecked Sendable {
    private var updates: AsyncStream<LocationUpdate>.Iterator
    private let run: SyntheticRun
    private let recorder: Recorder
    private var second = 0.0

    init(_ updates: AsyncStream<LocationUpdate>, run: SyntheticRun, recorder: Recorder) {
        self.updates = updates.makeAsyncIterator()
        self.run = run
        self.recorder = recorder
    }

    /// The next fix, after the heart rate of its second, so that the fix finds it.
    func next() async -> LocationUpdate? {
        let update = await updates.next()
        guard case .samples(let samples)? = update else { return update }
        let readings = samples.map { sample in
            defer { second += 1 }
            return SensorReading(time: sample.time, heartRateBpm: run.heartRateBpm(atSecond: second))
        }
        do {
            _ = try recorder.addReadings(readings: readings)
        } catch {
            return .problem(.failed(Failure(error).summary))
        }
        return update
    }
}
