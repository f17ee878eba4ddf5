extension Maintenance {
    /// Checks everything that is stored, and changes nothing. Cancelling the task ends the check.
    ///
    /// - Throws: `CancellationError`, or as `checkIntegrity(cancel:)`.
    public func checkIntegrity() async throws -> IntegrityReport {
        try await cancelledWithTask { try await checkIntegrity(cancel: $0) }
    }

    /// Repairs what `checkIntegrity` finds; nothing is deleted. Cancelling the task stops at the next safe point, with each repair done or
    /// not done.
    ///
    /// - Throws: `CancellationError`, or as `repair(cancel:)`.
    public func repair() async throws -> RepairReport {
        try await cancelledWithTask { try await repair(cancel: $0) }
    }
}
