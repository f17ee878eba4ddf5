#if canImport(Security)
    import Foundation
    import Security

    /// Keeps the recovery key in the Keychain: readable behind a locked screen once the device was unlocked after its start, on this device
    /// only. It outlives the app's removal; its files do not.
    public struct Keychain: RecoveryKey.Store {
        private let service: String
        private let account: String

        /// The item of these names.
        public init(service: String = "dev.steadfast", account: String = "recovery-key") {
            self.service = service
            self.account = account
        }

        private var item: [CFString: Any] {
            [
                kSecClass: kSecClassGenericPassword,
                kSecAttrService: service,
                kSecAttrAccount: account,
                // The same rules on a Mac as on a phone.
                kSecUseDataProtectionKeychain: true,
            ]
        }

        public func read() throws -> Data? {
            var query = item
            query[kSecReturnData] = true
            query[kSecMatchLimit] = kSecMatchLimitOne
            var found: CFTypeRef?
            let status = SecItemCopyMatching(query as CFDictionary, &found)
            return status == errSecItemNotFound ? nil : try Self.key(found as? Data, status)
        }

        public func add(_ key: Data) throws -> Bool {
            var added = item
            added[kSecValueData] = key
            added[kSecAttrAccessible] = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
            let status = SecItemAdd(added as CFDictionary, nil)
            if status == errSecDuplicateItem {
                return false
            }
            _ = try Self.key(key, status)
            return true
        }

        private static func key(_ key: Data?, _ status: OSStatus) throws -> Data? {
            guard status == errSecSuccess else {
                let isLocked = status == errSecInteractionNotAllowed
                throw SteadfastError.storage(code: isLocked ? .locked : .io, path: nil, detail: "the Keychain says \(status)")
            }
            return key
        }
    }

    extension RecoveryKey {
        /// The key of this device from the Keychain, made where there is none.
        ///
        /// - Throws: `SteadfastError.storage` with `locked` before the first unlock after a start of the device, and otherwise with `io`.
        public static func load() throws -> Data {
            try load(from: Keychain())
        }
    }
#endif
