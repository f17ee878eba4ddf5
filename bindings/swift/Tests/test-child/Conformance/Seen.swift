import Foundation
import Steadfast

/// What a call gave, as JSON in the API's own names. By reflection, so that a new field cannot be forgotten here.
func seen(_ value: Any) -> JSON {
    switch value {
    case let value as String: return .text(value)
    case let value as Bool: return .bool(value)
    case let value as Int64: return .whole(value)
    case let value as UInt64: return .whole(Int64(clamping: value))
    case let value as Int32: return .whole(Int64(value))
    case let value as UInt32: return .whole(Int64(value))
    case let value as UInt16: return .whole(Int64(value))
    // An unknown value of a column is NaN.
    case let value as Double: return value.isFinite ? .number(value) : .null
    case let value as Date: return .whole(milliseconds(value))
    case let value as UUID: return .text(value.uuidString.lowercased())
    case let value as CivilDate:
        return .text(String(format: "%04d-%02d-%02d", Int(value.year), Int(value.month), Int(value.day)))
    case let value as Event: return seen(event: value)
    case is Void: return .null
    default: return seen(parts: Mirror(reflecting: value), of: value)
    }
}

func milliseconds(_ date: Date) -> Int64 {
    Int64((date.timeIntervalSince1970 * 1000).rounded())
}

private func seen(parts mirror: Mirror, of value: Any) -> JSON {
    switch mirror.displayStyle {
    case .optional:
        return mirror.children.first.map { seen($0.value) } ?? .null
    case .collection:
        return .array(mirror.children.map { seen($0.value) })
    case .dictionary:
        let pairs = mirror.children.map { Mirror(reflecting: $0.value).children.map(\.value) }
        return .object(Dictionary(uniqueKeysWithValues: pairs.map { (seen($0[0]).text ?? "", seen($0[1])) }))
    case .enum where mirror.children.isEmpty:
        return .text(snakeCase("\(value)"))
    case .struct, .tuple:
        return .object(fields(mirror))
    default:
        fatalError("nothing is known of a \(type(of: value))")
    }
}

private func fields(_ mirror: Mirror) -> [String: JSON] {
    Dictionary(uniqueKeysWithValues: mirror.children.map { (snakeCase($0.label ?? ""), seen($0.value)) })
}

private func seen(event: Event) -> JSON {
    guard let payload = Mirror(reflecting: event).children.first else { return .null }
    var members = fields(Mirror(reflecting: payload.value))
    members["event"] = .text(snakeCase(payload.label ?? ""))
    return .object(members)
}

/// `paceSPerKm` is `pace_s_per_km`.
private func snakeCase(_ name: String) -> String {
    name.reduce(into: "") { $0 += $1.isUppercase ? "_\($1.lowercased())" : "\($1)" }
}

/// An error as scenarios look at it.
///
/// - Throws: If its message is not its summary and its detail.
func seen(error: SteadfastError) throws -> JSON {
    let (summary, detail, message) = (error.summary(), error.detail(), error.errorDescription ?? "")
    let sentence = detail.isEmpty ? summary : "\(summary): \(detail)"
    guard message == sentence else { throw Mismatch("its message is \(message) and should be \(sentence)") }
    var field: String?
    if case .validation(_, let named, _) = error { field = named }
    return .object([
        "category": .text(error.category()),
        "code": .text(error.codeName()),
        "severity": seen(error.severity()),
        "retryable": .bool(error.retryable()),
        "field": field.map(JSON.text) ?? .null,
        "detail": .text(detail),
        "path": error.path().map(JSON.text) ?? .null,
        "summary": .text(summary),
        "reason": .text(error.failureReason ?? ""),
        "suggestion": .text(error.recoverySuggestion ?? ""),
        "message": .text(message),
    ])
}
