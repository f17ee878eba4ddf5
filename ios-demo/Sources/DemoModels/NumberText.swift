import Foundation
import Steadfast

/// Numbers as a person types them. Grouping is refused rather than guessed: `1,234` is a thousand here and a little over one there.
public struct NumberText: Sendable, Equatable {
    private let separator: String

    /// Numbers with the locale's decimal separator.
    public init(_ locale: Locale = .current) { separator = locale.decimalSeparator ?? "." }

    /// The number, or not-a-number for what is none: the core refuses that in its own words.
    public func value(_ text: String) -> Double {
        let plain = text.trimmingCharacters(in: .whitespaces).replacingOccurrences(of: separator, with: ".")
        let isForeign = separator != "." && text.contains(".")
        // `Double` alone would also take `0x1p3` and `infinity`.
        guard !isForeign, plain.allSatisfy({ "0123456789.-+e".contains($0) }) else { return .nan }
        return Double(plain) ?? .nan
    }

    /// The number, or nothing for an empty field.
    public func optionalValue(_ text: String) -> Double? { Self.isEmpty(text) ? nil : value(text) }

    /// A whole number; nothing for an empty field.
    ///
    /// - Throws: `invalid_argument` for what the type cannot hold and what therefore never gets to the core.
    public func whole<Number: FixedWidthInteger>(_ text: String, field: String) throws -> Number? {
        if Self.isEmpty(text) { return nil }
        guard let number = Number(text.trimmingCharacters(in: .whitespaces)) else { throw Self.refused(field) }
        return number
    }

    /// The number as it would be typed, with all its digits.
    public func text(_ value: Double) -> String {
        let text = "\(value)".replacingOccurrences(of: ".", with: separator)
        return text.hasSuffix("\(separator)0") ? String(text.dropLast(2)) : text
    }

    /// What the core says of a value that it refuses, for one that its types cannot hold.
    static func refused(_ field: String) -> SteadfastError {
        .validation(code: .invalidArgument, field: field, detail: "it is no number that the field can hold")
    }

    private static func isEmpty(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }
}
