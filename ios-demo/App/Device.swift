import Foundation
import Steadfast

/// What this device has: a receiver and a keychain on a phone, neither on the machine that checks the types.
@MainActor enum Device {
    /// The receiver; nothing where there is none.
    static let feed: (any LocationFeed)? = {
        #if canImport(CoreLocation) && !os(macOS)
            CoreLocationFeed()
        #else
            nil
        #endif
    }()

    /// The key that encrypts recovery files; nothing where there is no keychain.
    nonisolated static func recoveryKey() throws -> Data? {
        #if canImport(Security)
            try RecoveryKey.load()
        #else
            nil
        #endif
    }
}
