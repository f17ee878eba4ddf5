import Foundation

/// Names the device's current boot, so that the core never compares the clocks of two boots.
public enum BootID {
    /// The name, or `nil` if the system does not say; the core then trusts no clock across two starts of the app.
    public static var current: String? {
        #if canImport(Darwin)
            var size = 0
            guard sysctlbyname("kern.bootsessionuuid", nil, &size, nil, 0) == 0, size > 1 else { return nil }
            var name = [UInt8](repeating: 0, count: size)
            guard sysctlbyname("kern.bootsessionuuid", &name, &size, nil, 0) == 0 else { return nil }
            return named(String(decoding: name.prefix { $0 != 0 }, as: UTF8.self))
        #else
            return named((try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? "")
        #endif
    }

    static func named(_ text: String) -> String? {
        let name = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return name.isEmpty ? nil : name
    }
}
