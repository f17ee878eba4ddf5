@testable import Steadfast

/// Gives time in the background and counts what becomes of it.
@MainActor
final class CountedTime: BackgroundTime {
    private(set) var begun: [String] = []
    private(set) var ended: [Int] = []
    private var expirations: [Int: @MainActor @Sendable () -> Void] = [:]
    private let gives: Bool
    /// The time is over before it is given.
    private let expiresAtOnce: Bool

    nonisolated init(gives: Bool = true, expiresAtOnce: Bool = false) {
        self.gives = gives
        self.expiresAtOnce = expiresAtOnce
    }

    var held: Int { begun.count - ended.count }

    func begin(_ reason: String, onExpiration: @escaping @MainActor @Sendable () -> Void) -> Int? {
        guard gives else { return nil }
        begun.append(reason)
        expirations[begun.count] = onExpiration
        if expiresAtOnce { onExpiration() }
        return begun.count
    }

    func end(_ id: Int) {
        ended.append(id)
        expirations[id] = nil
    }

    /// The system's patience is over.
    func expire() {
        for expiration in expirations.values { expiration() }
    }
}
