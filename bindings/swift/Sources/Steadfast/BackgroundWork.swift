import Foundation

/// What an app owes its store when nobody looks: saves that were cut off, and the daily copy.
public struct BackgroundWork: Sendable {
    /// What was done.
    public struct Outcome: Sendable, Equatable {
        /// Workouts that the person had finished, and that are in the store now.
        public internal(set) var saved: [Activity] = []
        /// Finished workouts that could not be saved, by id. They stay where they are.
        public internal(set) var failed: [UUID: SteadfastError] = [:]
        /// True if a new `backup.db` was made.
        public internal(set) var didBackUp = false
    }

    private let client: SteadfastClient

    /// Work on a client's store, which has to be open (``StorageSuspension/keepOpen(isolation:_:)``).
    public init(_ client: SteadfastClient) {
        self.client = client
    }

    /// True if a workout was finished but not saved; then schedule the background task.
    ///
    /// - Throws: As `Recorder.recovery`.
    public func isDue() async throws -> Bool {
        try await !finished().isEmpty
    }

    /// Saves each workout that the person finished and whose save was cut off; then, unless something is being recorded, copies the store if
    /// the last copy is a day old. What was interrupted while it still ran is left for the person to decide about.
    ///
    /// Cancelling the task stops after what has been committed.
    ///
    /// - Throws: `CancellationError`; a storage error.
    public func run() async throws -> Outcome {
        let recorder = client.recorder()
        var outcome = Outcome()
        for info in try await finished() {
            do {
                if info.location == .backup {
                    try await recorder.restoreBackup(id: info.id)
                }
                let activity = try await cancelledWithTask {
                    try await recorder.saveRecovered(id: info.id, options: SaveOptions(), cancel: $0)
                }
                outcome.saved.append(activity)
            } catch let error as SteadfastError {
                outcome.failed[info.id] = error
            }
        }
        try Task.checkCancellation()
        if recorder.activeId() == nil {
            outcome.didBackUp = try await client.maintenance().backUp()
        }
        return outcome
    }

    private func finished() async throws -> [RecoveryInfo] {
        let recorder = client.recorder()
        return try await (recorder.recovery() + recorder.backups()).filter(Self.isFinished)
    }

    /// True if the person ended it and it can be read: then saving it is what they asked for.
    static func isFinished(_ info: RecoveryInfo) -> Bool {
        info.state == .stopped && info.problem == nil
    }
}
