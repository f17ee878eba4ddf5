/// Time in the background that is held around one piece of work, and given back once: when the work ends or when the time is over,
/// whichever is first.
///
/// Running out of time cancels nothing: a save that was cut off is whole or not there, and is taken up at the next start.
@MainActor
final class BackgroundAssertion {
    private enum State {
        case idle
        case held(Int)
        case over
    }

    private let time: any BackgroundTime
    private var state = State.idle

    nonisolated init(from time: any BackgroundTime) {
        self.time = time
    }

    /// Does nothing if the work ended before.
    func begin(_ reason: String) {
        guard case .idle = state else { return }
        guard let id = time.begin(reason, onExpiration: { self.end() }) else {
            state = .over
            return
        }
        // The time may have been over before it was given.
        if case .over = state {
            time.end(id)
        } else {
            state = .held(id)
        }
    }

    func end() {
        if case .held(let id) = state {
            time.end(id)
        }
        state = .over
    }
}

/// Runs the work while time in the background is held. Waits for the main actor neither at the start nor at the end: an app that blocks its
/// main thread until a save is done gets its save and no deadlock.
func holdingBackgroundTime<Value: Sendable>(
    for reason: String,
    from time: any BackgroundTime,
    isolation: isolated (any Actor)? = #isolation,
    _ work: () async throws -> Value
) async rethrows -> Value {
    let assertion = BackgroundAssertion(from: time)
    Task { @MainActor in assertion.begin(reason) }
    defer { Task { @MainActor in assertion.end() } }
    return try await work()
}
