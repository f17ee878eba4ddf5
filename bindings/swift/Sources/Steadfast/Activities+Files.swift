import Foundation

extension Activities {
    /// Imports a GPX, TCX or FIT file; what was imported before is found again and not stored twice. Cancelling the task cancels the
    /// import, which then stored nothing.
    ///
    /// - Parameter file: The file; also one that a document picker gave, whose security scope is entered for the call.
    /// - Throws: `CancellationError`, or as `importFile(path:cancel:)`.
    public func importFile(at file: URL) async throws -> ImportReport {
        try await withSecurityScope(of: file) {
            try await cancelledWithTask { try await importFile(path: file.path, cancel: $0) }
        }
    }

    /// Takes in what extensions and a watch left in a folder: imports each finished file once, then removes it; what is refused is set aside.
    /// Cancelling the task stops between two files.
    ///
    /// - Parameter folder: The spool, for instance in the app's group container.
    /// - Throws: `CancellationError`, or as `takeInSpool(folder:cancel:)`.
    public func takeInSpool(at folder: URL) async throws -> SpoolReport {
        try await cancelledWithTask { try await takeInSpool(folder: folder.path, cancel: $0) }
    }

    /// Writes an activity to a file, whole or not at all.
    ///
    /// - Parameters:
    ///   - id: The activity.
    ///   - file: Where to; a file that is there is replaced.
    ///   - format: GPX, TCX or GeoJSON.
    ///   - options: What is left out, for instance privacy zones.
    /// - Throws: As `exportFile(id:format:path:options:)`.
    public func exportFile(
        id: UUID,
        to file: URL,
        format: FileFormat,
        options: ExportOptions = ExportOptions()
    ) async throws {
        try await withSecurityScope(of: file) {
            try await exportFile(id: id, format: format, path: file.path, options: options)
        }
    }
}
