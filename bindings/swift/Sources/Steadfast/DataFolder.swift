import Foundation

/// The folder that holds everything: the database, the recovery files, the backups.
///
/// It is open from the first unlock after a start of the device on, so that a recording goes on behind a locked screen, and of its files only
/// `backup.db` goes into the device's backup: a copy of a live database is not whole, and a restored device must not take up the recordings
/// of another.
public struct DataFolder: Sendable, Equatable {
    /// Where it is.
    public let url: URL

    /// A folder of one's own choice, in the app's own container; never a cache folder, which the system purges.
    public init(_ url: URL) {
        self.url = url
    }

    /// A folder in Application Support.
    ///
    /// - Throws: `CocoaError` if the system has no such place.
    public static func applicationSupport(named name: String = "Steadfast") throws -> DataFolder {
        let root = try FileManager.default.url(for: .applicationSupportDirectory, in: .userDomainMask, appropriateFor: nil, create: true)
        return DataFolder(root.appendingPathComponent(name, isDirectory: true))
    }

    /// Makes the folder where there is none, and sets what its files inherit.
    ///
    /// - Throws: `CocoaError`.
    public func prepare() throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        #if canImport(Darwin) && !os(macOS)
            // New files inherit the class of their folder.
            try FileManager.default.setAttributes(
                [.protectionKey: FileProtectionType.completeUntilFirstUserAuthentication],
                ofItemAtPath: url.path
            )
        #endif
        try excludeFromBackup()
    }

    /// Keeps what lies in the folder now out of the device's backup, but for `backup.db`. SQLite removes its write-ahead log when it closes
    /// and makes a new one when it opens, so this is due after each; ``StorageSuspension`` and `open(in:)` do it.
    ///
    /// - Throws: `CocoaError`. What went away meanwhile is no error.
    public func excludeFromBackup() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: url.path) {
            let isExcluded = !Self.goesIntoBackup(name)
            #if canImport(Darwin)
                var item = url.appendingPathComponent(name)
                var values = URLResourceValues()
                values.isExcludedFromBackup = isExcluded
                do {
                    try item.setResourceValues(values)
                } catch CocoaError.fileNoSuchFile {
                    continue
                }
            #else
                _ = isExcluded
            #endif
        }
    }

    /// True for the one file that the device's backup may take. What is not known is left out.
    static func goesIntoBackup(_ name: String) -> Bool {
        name == "backup.db"
    }
}
