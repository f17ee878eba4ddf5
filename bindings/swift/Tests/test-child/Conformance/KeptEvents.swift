import Foundation
import Steadfast

/// Keeps the events until they are asked for.
final class KeptEvents: EventListener, @unchecked Sendable {
    private let came = NSCondition()
    private var events: [Event] = []

    func onEvent(event: Event) {
        came.withLock { events.append(event) }
        came.signal()
    }

    /// The next event; `nil` if none comes within 10 s.
    func next() -> Event? {
        let deadline = Date() + 10
        return came.withLock {
            while events.isEmpty {
                guard came.wait(until: deadline) else { return nil }
            }
            return events.removeFirst()
        }
    }
}
