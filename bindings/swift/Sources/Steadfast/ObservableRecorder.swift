import Observation

/// The workout in progress, for SwiftUI: a view that reads `statistics` is drawn again when it changes, whoever feeds the recorder.
///
/// It keeps neither the client nor its store alive, and stops observing when it is let go.
@MainActor
@Observable
public final class ObservableRecorder {
    /// The workout as of its last change; `nil` if none is in progress, and after the client was shut down.
    public private(set) var statistics: LiveStatistics?

    /// False once the client is shut down or gone: nothing will change any more.
    public private(set) var isLive = true

    /// What is being done.
    public var state: RecordingState? { statistics?.state }

    @ObservationIgnored
    private let subscription: LiveSubscription

    /// Observes the recorder of a client. The present state is there at once.
    public convenience init(_ client: SteadfastClient) {
        self.init(client, subscription: client.recorder().observe())
    }

    init(_ client: SteadfastClient, subscription: LiveSubscription) {
        self.subscription = subscription
        statistics = client.recorder().live()
        // Holds the subscription, and this object only while it is told of a change.
        Task { [weak self, subscription] in
            while let observation = await subscription.next() {
                guard let self else { return }
                statistics = observation.statistics
            }
            self?.statistics = nil
            self?.isLive = false
        }
    }

    deinit {
        subscription.end()
    }
}
