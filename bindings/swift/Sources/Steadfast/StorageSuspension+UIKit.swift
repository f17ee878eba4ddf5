#if canImport(UIKit) && !os(watchOS)
    import UIKit

    extension StorageSuspension {
        /// Follows the app through the background and back, until what is returned is let go.
        ///
        /// - Returns: Keep it for as long as the store is to follow the app.
        @MainActor
        public func observeApplication() -> ApplicationObservation {
            ApplicationObservation([
                (UIApplication.didEnterBackgroundNotification, { [self] in didEnterBackground() }),
                (UIApplication.willEnterForegroundNotification, { [self] in willEnterForeground() }),
                (UIApplication.protectedDataDidBecomeAvailableNotification, { [self] in didUnlock() }),
            ])
        }
    }

    /// Listens to the app's notifications until it is let go.
    public final class ApplicationObservation: Sendable {
        private let tokens: Locked<[any NSObjectProtocol]>

        init(_ reactions: [(Notification.Name, @Sendable () -> Void)]) {
            tokens = Locked(
                reactions.map { name, reaction in
                    NotificationCenter.default.addObserver(forName: name, object: nil, queue: nil) { _ in reaction() }
                }
            )
        }

        deinit {
            tokens.withLock { $0.forEach(NotificationCenter.default.removeObserver) }
        }
    }
#endif
