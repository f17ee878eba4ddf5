import Foundation

extension SteadfastClient {
    /// Opens the data folder, makes it where there is none, and brings its database to this version. Keep one client for the life of the
    /// app: a second one on the same folder gets `storage_in_use`.
    ///
    /// - Throws: As `open(config:listener:)`.
    public static func open(_ config: Config) async throws -> SteadfastClient {
        try await open(config: config, listener: nil)
    }

    /// Opens a data folder as an app on a phone should: its files readable from the first unlock on and kept out of the device's backup
    /// (``DataFolder``), this boot named (``BootID``).
    ///
    /// - Parameters:
    ///   - folder: The folder; made where there is none.
    ///   - recoveryKey: 32 bytes that encrypt the recovery files, as ``RecoveryKey`` keeps them; `nil` leaves them to the system's own
    ///     encryption.
    /// - Throws: `CocoaError` if the folder cannot be made; otherwise as `open(config:listener:)`.
    public static func open(in folder: DataFolder, recoveryKey: Data? = nil) async throws -> SteadfastClient {
        try folder.prepare()
        let client = try await open(
            Config(dataDir: folder.url.path, recoveryKey: recoveryKey, bootId: BootID.current)
        )
        try folder.excludeFromBackup()
        return client
    }
}
