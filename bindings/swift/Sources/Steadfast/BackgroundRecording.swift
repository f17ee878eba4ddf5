import Foundation
import Observation

/// Feeds the recording with positions for as long as it runs, on the screen and behind a locked one.
///
/// Make one at the app's start and keep it beside the client; there is nothing to start or stop. It watches the recorder: whenever an outdoor
/// workout runs, because it was started, resumed or recovered, positions are taken, and as soon as it is finished, saved or discarded, the
/// receiver is given back.
///
/// ```swift
/// let client = try await SteadfastClient.open(in: .applicationSupport())
/// let recording = BackgroundRecording(client, feed: CoreLocationFeed())
/// try await client.recorder().resumeFresh()
/// ```
@MainActor
@Observable
public final class BackgroundRecording {
    /// Why the workout gets no good positions at the moment, or they cannot be kept; `nil` if all is well.
    public private(set) var problem: (any Error)?

    /// True while positions are taken.
    public private(set) var isFollowing = false

    @ObservationIgnored
    private let subscription: LiveSubscription

    /// Feeds the recorder of a client. It keeps the client's store open, as the recorder does, until it is let go or the client is shut down.
    ///
    /// - Parameters:
    ///   - client: The client.
    ///   - feed: Where positions come from; nothing is asked of it before an outdoor workout runs.
    public init(_ client: SteadfastClient, feed: any LocationFeed) {
        let recorder = client.recorder()
        subscription = recorder.observe()
        Task { [weak self, recorder, subscription] in
            var following: Task<Void, Never>?
            while let observation = await subscription.next(), let self {
                if !Self.isToFollow(observation.statistics) {
                    following?.cancel()
                    following = nil
                } else if following == nil {
                    let updates = feed.updates()
                    following = Task { [weak self] in
                        await Self.take(updates, into: recorder) { self?.problem = $0 }
                    }
                }
                isFollowing = following != nil
                if following == nil {
                    problem = nil
                }
            }
            following?.cancel()
            self?.isFollowing = false
        }
    }

    deinit {
        subscription.end()
    }

    /// True while an outdoor workout is in progress. A paused one as well: the system would not let the app begin again in the background.
    nonisolated static func isToFollow(_ statistics: LiveStatistics?) -> Bool {
        guard let statistics else { return false }
        return statistics.state != .stopped && !statistics.kind.isIndoor()
    }

    /// Hands over what comes. Runs off the main actor: a full disk makes a call wait, and a frame has 8 ms.
    private nonisolated static func take(
        _ updates: AsyncStream<LocationUpdate>,
        into recorder: Recorder,
        report: @escaping @MainActor @Sendable ((any Error)?) -> Void
    ) async {
        var trouble = RecordingTrouble()
        for await update in updates {
            var refusal: (any Error)?
            if case .samples(let samples) = update {
                do {
                    _ = try recorder.addSamples(samples: samples)
                } catch {
                    refusal = error
                }
            }
            if trouble.hear(update, refusal) {
                await report(trouble.problem)
            }
        }
    }
}
