import Foundation

/// Closes the store's files when the app leaves the screen and opens them when it comes back, so that iOS has no reason to kill the
/// suspended app. A recording goes on meanwhile: its journal stays open.
///
/// Keep one for the life of the app, beside the client, and give it what happens to the app: on iOS `observeApplication()` does. What works
/// with the store in the background (a save from the lock screen, a background task) runs in `keepOpen`.
public final class StorageSuspension: Sendable {
    private let client: SteadfastClient
    private let folder: DataFolder?
    private let deadlineMs: UInt32
    private let backgroundTime: any BackgroundTime
    private let onFailure: @Sendable (any Error) -> Void
    private let need: Locked<StorageNeed>
    /// Opens and closes in the order in which it was asked for; both wait for the disk.
    private let queue = DispatchQueue(label: "dev.steadfast.storage-suspension")

    /// Looks after a client's store, which is open.
    ///
    /// - Parameters:
    ///   - client: The client; it is held.
    ///   - folder: Its data folder, if its files are to be kept out of the device's backup.
    ///   - deadlineMs: How long a closing waits for calls that are under way, in milliseconds. They are rolled back then, and may be repeated.
    ///   - isInForeground: False if the system started the app in the background.
    ///   - backgroundTime: Who gives time in the background; the system, but in tests.
    ///   - onFailure: Told, on some thread, if the store could not be closed or opened. An opening that failed, for instance because the device
    ///     is locked, is tried again with the next sign of life.
    public init(
        _ client: SteadfastClient,
        folder: DataFolder? = nil,
        deadlineMs: UInt32 = 5000,
        isInForeground: Bool = true,
        backgroundTime: any BackgroundTime = SystemBackgroundTime(),
        onFailure: @escaping @Sendable (any Error) -> Void = { _ in }
    ) {
        self.client = client
        self.folder = folder
        self.deadlineMs = deadlineMs
        self.backgroundTime = backgroundTime
        self.onFailure = onFailure
        need = Locked(StorageNeed(isInForeground: isInForeground))
    }

    /// The app left the screen: the store is closed unless something keeps it open.
    ///
    /// Asks for time in the background before it returns: the system may suspend the app right after its own call to it did.
    @MainActor
    public func didEnterBackground() {
        let assertion = BackgroundAssertion(from: backgroundTime)
        assertion.begin(Self.reason)
        settle(assertion) { $0.isInForeground = false }
    }

    /// The app comes back to the screen. Opening takes some milliseconds, and longer if a closing is under way: a call that comes before it
    /// is done gets `storage_suspended`, one in `keepOpen` waits.
    @MainActor
    public func willEnterForeground() {
        settle(BackgroundAssertion(from: backgroundTime)) { $0.isInForeground = true }
    }

    /// The device was unlocked: an opening that failed before is tried again.
    @MainActor
    public func didUnlock() {
        settle(BackgroundAssertion(from: backgroundTime)) { _ in }
    }

    /// Runs the work with the store open, also in the background; afterwards the store is closed if nothing else needs it.
    ///
    /// - Throws: What the work throws; a `SteadfastError` if the store cannot be opened, without running the work.
    public func keepOpen<Value: Sendable>(
        isolation: isolated (any Actor)? = #isolation,
        _ work: () async throws -> Value
    ) async throws -> Value {
        need.withLock { $0.begin() }
        defer {
            let assertion = BackgroundAssertion(from: backgroundTime)
            Task { @MainActor in assertion.begin(Self.reason) }
            settle(assertion) { $0.end() }
        }
        try await opened()
        return try await work()
    }

    private static let reason = "Steadfast closes its files"

    /// Changes the need, then makes the store follow it, and gives the time back.
    private func settle(_ assertion: BackgroundAssertion, _ change: (inout StorageNeed) -> Void) {
        need.withLock(change)
        queue.async { [self] in
            do {
                try follow()
            } catch SteadfastError.storage(code: .closed, path: _, detail: _) {
                // Shut down: closed for good, which is what a suspended app needs.
            } catch {
                onFailure(error)
            }
            Task { @MainActor in assertion.end() }
        }
    }

    private func opened() async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            queue.async { [self] in
                continuation.resume(with: Result { try follow() })
            }
        }
    }

    /// What counts is what is needed when this runs, not when it was asked for: a quick look at another app closes nothing.
    private func follow() throws {
        if need.withLock({ $0.isOpen }) {
            try client.resumeStorage()
        } else {
            try client.suspendStorage(deadlineMs: deadlineMs)
        }
        // SQLite made or removed files.
        try folder?.excludeFromBackup()
    }
}
