import Foundation
import Testing

@testable import Steadfast

/// Positions are taken whenever an outdoor workout runs, and only then.
@MainActor
struct BackgroundRecordingTests {
    @Test func aWorkoutIsFollowedFromItsStartToItsEnd() async throws {
        let app = try await TestApp()
        let feed = HandFeed()
        let recording = BackgroundRecording(app.client, feed: feed)
        #expect(feed.listeners == 0)
        try app.start()
        #expect(await eventually { recording.isFollowing && feed.listeners == 1 })
        for _ in 0..<20 {
            app.clock.advance(ms: 1000)
            feed.give(.samples([fix(at: app.clock.time())]))
        }
        #expect(await eventually { app.recorder.live()?.acknowledgedSamples == 20 })
        try app.recorder.pause()
        try app.recorder.resume()
        try app.recorder.stop()
        #expect(await eventually { !recording.isFollowing && feed.listeners == 0 })
        // Finished by mistake: it goes on.
        try app.recorder.resume()
        #expect(await eventually { recording.isFollowing && feed.listeners == 1 })
        try app.recorder.discard()
        #expect(await eventually { feed.listeners == 0 })
    }

    @Test func aWorkoutThatTheSystemsRestartResumesIsFollowed() async throws {
        let scratch = try Scratch()
        let before = try await TestApp(in: scratch)
        try before.start()
        try before.run(seconds: 30)
        try before.client.shutdown()

        let app = try await TestApp(in: scratch, at: someMorning + 600)
        let feed = HandFeed()
        let recording = BackgroundRecording(app.client, feed: feed)
        #expect(try await app.recorder.resumeFresh() != nil)
        #expect(await eventually { recording.isFollowing })
    }

    @Test func anIndoorWorkoutAsksForNoPosition() async throws {
        let app = try await TestApp()
        let feed = HandFeed()
        let recording = BackgroundRecording(app.client, feed: feed)
        try app.start(.treadmillRunning)
        try app.recorder.pause()
        try await Task.sleep(for: .milliseconds(50))
        #expect(!recording.isFollowing && feed.listeners == 0)
    }

    @Test func whatIsWrongIsShownUntilItIsOver() async throws {
        let app = try await TestApp()
        let feed = HandFeed()
        let recording = BackgroundRecording(app.client, feed: feed)
        try app.start()
        #expect(await eventually { feed.listeners == 1 })
        feed.give(.problem(.denied))
        #expect(await eventually { recording.problem as? LocationProblem == .denied })
        feed.give(.samples([fix(at: app.clock.time())]))
        #expect(await eventually { recording.problem == nil })
        feed.give(.problem(.failed("x")))
        #expect(await eventually { recording.problem != nil })
        try app.recorder.discard()
        #expect(await eventually { recording.problem == nil })
    }

    @Test func letGoItGivesTheReceiverBack() async throws {
        let app = try await TestApp()
        let feed = HandFeed()
        var recording: BackgroundRecording? = BackgroundRecording(app.client, feed: feed)
        try app.start()
        #expect(await eventually { feed.listeners == 1 })
        #expect(recording != nil)
        recording = nil
        #expect(await eventually { feed.listeners == 0 })
        #expect(app.recorder.live()?.state == .recording)
    }

    @Test func itEndsWithTheClient() async throws {
        let app = try await TestApp()
        let feed = HandFeed()
        let recording = BackgroundRecording(app.client, feed: feed)
        try app.start()
        #expect(await eventually { feed.listeners == 1 })
        try app.client.shutdown()
        #expect(await eventually { !recording.isFollowing && feed.listeners == 0 })
    }

    @Test func aReplayRunsAnHourInAMoment() async throws {
        let app = try await TestApp()
        let hour = (0..<3600).map { fix(at: someMorning + 5 + Double($0)) }
        let recording = BackgroundRecording(app.client, feed: ReplayFeed(hour, clock: app.clock, speed: .infinity))
        try app.start()
        #expect(await eventually(within: .seconds(20)) { app.recorder.live()?.acknowledgedSamples == 3600 })
        let live = try #require(app.recorder.live())
        #expect(abs(live.timerS - 3599) < 0.01 && abs(live.distanceM - 3 * 3599) < 20)
        withExtendedLifetime(recording) {}
    }

    @Test func aReplayKeepsTheTimeBetweenItsFixes() async throws {
        let feed = ReplayFeed([0, 0.05, 0.1].map { fix(at: someMorning + $0) })
        let before = Date()
        var times: [Date] = []
        for await case .samples(let samples) in feed.updates() {
            times += samples.map(\.time)
        }
        #expect(times.count == 3 && times[0] >= before && Date().timeIntervalSince(before) >= 0.1)
        #expect(abs(times[2].timeIntervalSince(times[0]) - 0.1) < 0.002)
    }
}

struct RecordingTroubleTests {
    private let sample = LocationUpdate.samples([fix(at: someMorning)])

    /// What is shown after each update, and only if it is news.
    private func shown(_ updates: [(LocationUpdate, SteadfastError?)]) -> [String] {
        var trouble = RecordingTrouble()
        return updates.compactMap { update, refusal in
            trouble.hear(update, refusal) ? trouble.problem.map { "\($0)" } ?? "well" : nil
        }
    }

    @Test func positionsThatComeAllTheSameEndAFailure() {
        #expect(shown([(.problem(.denied), nil), (sample, nil), (sample, nil)]) == ["denied", "well"])
    }

    @Test func theyDoNotEndWhatOnlyASettingCanEnd() {
        let updates: [(LocationUpdate, SteadfastError?)] = [(.problem(.reducedAccuracy), nil), (sample, nil), (.problem(nil), nil)]
        #expect(shown(updates) == ["reducedAccuracy", "well"])
    }

    @Test func positionsThatCannotBeKeptAreSaidFirst() {
        let full = SteadfastError.storage(code: .full, path: nil, detail: "")
        let updates: [(LocationUpdate, SteadfastError?)] = [
            (.problem(.noBackgroundMode), nil), (sample, full), (sample, full), (sample, nil),
        ]
        #expect(shown(updates) == ["noBackgroundMode", "\(full)", "noBackgroundMode"])
    }

    @Test func aPositionAfterTheEndIsNoTrouble() {
        let ends: [SteadfastError] = [
            .validation(code: .notRecording, field: nil, detail: ""),
            .storage(code: .closed, path: nil, detail: ""),
        ]
        #expect(shown(ends.map { (sample, $0) }).isEmpty)
    }
}

struct CoreLocationFixTests {
    private func sample(verticalAccuracy: Double, speed: Double = 3) -> LocationSample {
        LocationSample(
            timestamp: someMorning,
            latitude: 47,
            longitude: 8,
            altitude: 500,
            horizontalAccuracy: -1,
            verticalAccuracy: verticalAccuracy,
            speed: speed,
            course: -1
        )
    }

    @Test func anAltitudeIsThereOnlyWithAPositiveAccuracy() {
        #expect(sample(verticalAccuracy: 3).altitudeM == 500)
        #expect(sample(verticalAccuracy: 0).altitudeM == nil)
        #expect(sample(verticalAccuracy: -1).altitudeM == nil)
    }

    @Test func whatElseIsNegativeGoesOnToTheCore() {
        let fix = sample(verticalAccuracy: 3, speed: -1)
        #expect(fix.horizontalAccuracyM == -1 && fix.speedMps == -1 && fix.courseDeg == -1)
        #expect(fix.source == .fused)
    }
}

/// Gives what the test says to whoever listens.
@MainActor
private final class HandFeed: LocationFeed {
    private var continuations: [Int: AsyncStream<LocationUpdate>.Continuation] = [:]
    private var next = 0

    var listeners: Int { continuations.count }

    func updates() -> AsyncStream<LocationUpdate> {
        let (stream, continuation) = AsyncStream.makeStream(of: LocationUpdate.self)
        next += 1
        continuations[next] = continuation
        continuation.onTermination = { [id = next] _ in
            Task { @MainActor in self.continuations[id] = nil }
        }
        return stream
    }

    func give(_ update: LocationUpdate) {
        for continuation in continuations.values { continuation.yield(update) }
    }
}
