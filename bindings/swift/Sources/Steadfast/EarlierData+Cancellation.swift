import Foundation

extension Migration {
    /// Takes over a file of an earlier store (docs/formats/migration.md) in one transaction, as often as the app likes. Cancelling the task
    /// cancels the call, which then changed nothing.
    ///
    /// - Parameter file: The file; also one that a document picker gave, whose security scope is entered for the call.
    /// - Throws: `CancellationError`, or as `migrateFile(path:cancel:)`.
    public func migrateFile(at file: URL) async throws -> EarlierDataReport {
        try await withSecurityScope(of: file) {
            try await cancelledWithTask { try await migrateFile(path: file.path, cancel: $0) }
        }
    }
}

extension Programs {
    /// Takes over the training days of an earlier store, all of them or none. Cancelling the task cancels the call, which then changed nothing.
    ///
    /// - Throws: `CancellationError`, or as `migrate(sessions:cancel:)`.
    @discardableResult
    public func migrate(sessions: [ProgramSessionImport]) async throws -> MigrationReport {
        try await cancelledWithTask { try await migrate(sessions: sessions, cancel: $0) }
    }
}

extension Habits {
    /// Takes over the habit logs of an earlier store, all of them or none. Cancelling the task cancels the call, which then changed nothing.
    ///
    /// - Throws: `CancellationError`, or as `migrate(logs:cancel:)`.
    @discardableResult
    public func migrate(logs: [NewHabitLog]) async throws -> MigrationReport {
        try await cancelledWithTask { try await migrate(logs: logs, cancel: $0) }
    }
}

extension Metrics {
    /// Takes over the metrics of an earlier store, all of them or none. Cancelling the task cancels the call, which then changed nothing.
    ///
    /// - Throws: `CancellationError`, or as `migrate(entries:cancel:)`.
    @discardableResult
    public func migrate(entries: [NewProgressEntry]) async throws -> MigrationReport {
        try await cancelledWithTask { try await migrate(entries: entries, cancel: $0) }
    }

    /// Takes in records of the phone's health store; importing the same records again changes nothing. Cancelling the task stops the import:
    /// what was committed by then stays, and importing again goes on from there.
    ///
    /// - Throws: `CancellationError`, or as `importHealth(records:cancel:)`.
    @discardableResult
    public func importHealth(records: [HealthRecord]) async throws -> HealthImportReport {
        try await cancelledWithTask { try await importHealth(records: records, cancel: $0) }
    }
}
