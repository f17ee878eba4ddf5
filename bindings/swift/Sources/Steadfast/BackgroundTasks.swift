#if canImport(BackgroundTasks) && !os(macOS)
    import BackgroundTasks
    import Foundation

    /// Has the system run ``BackgroundWork`` when the device rests, usually at night on a charger.
    ///
    /// The identifier has to be among the app's `BGTaskSchedulerPermittedIdentifiers`, and `processing` among its `UIBackgroundModes`.
    public enum BackgroundTasks {
        /// The identifier, if the app has no wish of its own.
        public static let identifier = "dev.steadfast.background-work"

        /// Tells the system what to run. Call it before the app has finished launching, once.
        ///
        /// - Parameters:
        ///   - identifier: As in `Info.plist`.
        ///   - store: Gives the app's one client and what keeps its store open; opens it if the system started the app for this.
        ///   - onEnd: Told what was done, on some thread.
        /// - Returns: False if the identifier is not permitted.
        @discardableResult
        public static func register(
            identifier: String = identifier,
            store: @escaping @Sendable () async throws -> (client: SteadfastClient, suspension: StorageSuspension),
            onEnd: @escaping @Sendable (Result<BackgroundWork.Outcome, any Error>) -> Void = { _ in }
        ) -> Bool {
            BGTaskScheduler.shared.register(forTaskWithIdentifier: identifier, using: nil) { task in
                let task = SystemTask(task)
                let work = Task {
                    let result: Result<BackgroundWork.Outcome, any Error>
                    do {
                        let (client, suspension) = try await store()
                        result = .success(try await suspension.keepOpen { try await BackgroundWork(client).run() })
                    } catch {
                        result = .failure(error)
                    }
                    onEnd(result)
                    task.complete((try? result.get())?.failed.isEmpty == true)
                }
                // The core stops at its next safe point, well within the seconds that are left.
                task.onExpiration { work.cancel() }
            }
        }

        /// Asks the system to run the work at some time. Asking again replaces the request.
        ///
        /// - Throws: `BGTaskScheduler.Error`.
        public static func schedule(identifier: String = identifier, notBefore date: Date? = nil) throws {
            let request = BGProcessingTaskRequest(identifier: identifier)
            request.earliestBeginDate = date
            request.requiresNetworkConnectivity = false
            request.requiresExternalPower = false
            try BGTaskScheduler.shared.submit(request)
        }
    }

    /// The system's task may be completed from any thread; its class does not say so.
    private struct SystemTask: @unchecked Sendable {
        private let task: BGTask

        init(_ task: BGTask) {
            self.task = task
        }

        func onExpiration(_ handler: @escaping @Sendable () -> Void) {
            task.expirationHandler = handler
        }

        func complete(_ success: Bool) {
            task.setTaskCompleted(success: success)
        }
    }
#endif
