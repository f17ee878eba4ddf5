/// Gives time to finish something after the app left the screen.
///
/// The system's is ``SystemBackgroundTime``; tests bring their own.
@MainActor
public protocol BackgroundTime: Sendable {
    /// Asks for time.
    ///
    /// - Parameters:
    ///   - reason: What for, as the system's logs name it.
    ///   - onExpiration: Called at most once, shortly before the time is over; whoever asked has to call `end` then, or the system kills
    ///     the app.
    /// - Returns: What `end` is called with, or `nil` if there is no time.
    func begin(_ reason: String, onExpiration: @escaping @MainActor @Sendable () -> Void) -> Int?

    /// Gives the time back.
    func end(_ id: Int)
}

#if canImport(UIKit) && !os(watchOS)
    import UIKit

    /// `UIApplication`'s background tasks: about 30 s after the app left the screen.
    public struct SystemBackgroundTime: BackgroundTime {
        /// The system's.
        public nonisolated init() {}

        public func begin(_ reason: String, onExpiration: @escaping @MainActor @Sendable () -> Void) -> Int? {
            let task = UIApplication.shared.beginBackgroundTask(withName: reason) { onExpiration() }
            return task == .invalid ? nil : task.rawValue
        }

        public func end(_ id: Int) {
            UIApplication.shared.endBackgroundTask(UIBackgroundTaskIdentifier(rawValue: id))
        }
    }
#else
    /// On a system that does not suspend apps there is nothing to ask for.
    public struct SystemBackgroundTime: BackgroundTime {
        /// The system's.
        public nonisolated init() {}

        public func begin(_ reason: String, onExpiration: @escaping @MainActor @Sendable () -> Void) -> Int? {
            nil
        }

        public func end(_ id: Int) {}
    }
#endif
