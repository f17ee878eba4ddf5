import Foundation

/// The key that encrypts the recovery files: 32 random bytes that never leave the device.
public enum RecoveryKey {
    /// Where the key is kept.
    public protocol Store: Sendable {
        /// The key, or `nil` if there certainly is none.
        ///
        /// - Throws: If it cannot be known, for instance because the device was not unlocked since its start.
        func read() throws -> Data?

        /// Keeps the key.
        ///
        /// - Returns: False if another one was kept meanwhile, which stays.
        /// - Throws: If it cannot be kept.
        func add(_ key: Data) throws -> Bool
    }

    static let length = 32

    /// The key of this device, made where there is none.
    ///
    /// Never makes a second one in place of one that cannot be read: what the first one encrypted would be lost.
    ///
    /// - Throws: What the store says; `SteadfastError.recovery` with `keyWrong` if what is kept is not a key.
    public static func load(from store: any Store) throws -> Data {
        if let key = try store.read() {
            return try checked(key)
        }
        var randomness = SystemRandomNumberGenerator()
        let key = Data((0..<length).map { _ in UInt8.random(in: .min ... .max, using: &randomness) })
        if try store.add(key) {
            return key
        }
        guard let other = try store.read() else {
            throw SteadfastError.recovery(code: .keyMissing, dataPath: nil, detail: "the key was there and is gone")
        }
        return try checked(other)
    }

    private static func checked(_ key: Data) throws -> Data {
        guard key.count == length else {
            throw SteadfastError.recovery(code: .keyWrong, dataPath: nil, detail: "what is kept has \(key.count) bytes, not \(length)")
        }
        return key
    }
}
