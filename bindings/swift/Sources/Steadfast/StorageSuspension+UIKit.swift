#if canImport(UIKit) && !os(watchOS)
    import UIKit

    extension StorageSuspension {
        /// Follows the app through the background and back, until what is returned is let go.
        ///
        /// - Returns: Keep it for as long as the store is to follow the app.
        @MainActor
        public func observeApplication() -> ApplicationObservation {
            ApplicationObservation(
                of: self,
                [
                    UIApplication.didEnterBackgroundNotification: { $0.didEnterBackground() },
                    UIApplication.willEnterForegroundNotification: { $0.willEnterForeground() },
                    UIApplication.protectedDataDidBecomeAvailableNotification: { $0.didUnlock() },
                ]
            )
        }
    }

    /// Listens to the app's notifications until it is let go.
    public final class ApplicationObservation: Sendable {
        private let tokens: Locked<[any NSObjectProtocol]>

        fileprivate init(
            of suspension: StorageSuspension,
            _ reactions: [Notification.Name: @MainActor @Sendable (StorageSuspension) -> Void]
        ) {
            tokens = Locked(
                reactions.map { name, reaction in
                    // UIKit posts these on the main thread, and waits for what is done here.
                    NotificationCenter.default.addObserver(forName: name, object: nil, queue: nil) { _ in
                        MainActor.assumeIsolated { reaction(suspension) }
                    }
                }
            )
        }

        deinit {
            tokens.withLock { $0.forEach(NotificationCenter.default.removeObserver) }
        }
    }
#endif
