import Foundation
import Steadfast

/// The members of a step or of one of its arguments, strictly read: what nobody asked for is an error.
final class Arguments {
    private var rest: [String: JSON]

    init(_ members: [String: JSON]) {
        rest = members
    }

    /// - Throws: The first member that was not asked for.
    func end() throws {
        if let unknown = rest.keys.min() { throw Mismatch("nobody knows the argument \(unknown)") }
    }

    /// Reads the whole of an argument that is an object; an empty one if it is missing.
    func object<Value>(_ name: String, _ read: (Arguments) throws -> Value) throws -> Value {
        let value = rest.removeValue(forKey: name) ?? .object([:])
        return try Arguments.whole(of: value, name, read)
    }

    /// As `object`; `nil` if it is missing.
    func optionalObject<Value>(_ name: String, _ read: (Arguments) throws -> Value) throws -> Value? {
        try has(name) ? object(name, read) : nil
    }

    /// Reads an argument that is an array of objects; `nil` if it is missing.
    func objects<Value>(_ name: String, _ read: (Arguments) throws -> Value) throws -> [Value]? {
        guard let value = rest.removeValue(forKey: name) else { return nil }
        guard let elements = value.elements else { throw Mismatch("\(name) is no array") }
        return try elements.map { try Arguments.whole(of: $0, name, read) }
    }

    func neededObjects<Value>(_ name: String, _ read: (Arguments) throws -> Value) throws -> [Value] {
        try needed(name, objects(name, read))
    }

    private static func whole<Value>(of value: JSON, _ name: String, _ read: (Arguments) throws -> Value) throws -> Value {
        guard case .object(let members) = value else { throw Mismatch("\(name) is no object") }
        let arguments = Arguments(members)
        let result = try read(arguments)
        try arguments.end()
        return result
    }

    func has(_ name: String) -> Bool { rest[name] != nil }

    func optionalJSON(_ name: String) -> JSON? { rest.removeValue(forKey: name) }

    func json(_ name: String) throws -> JSON {
        guard let value = rest.removeValue(forKey: name) else { throw Mismatch("\(name) is missing") }
        return value
    }

    private func optional<Value>(_ name: String, _ read: (JSON) -> Value?) throws -> Value? {
        guard let value = rest.removeValue(forKey: name), value != .null else { return nil }
        guard let read = read(value) else { throw Mismatch("\(name) cannot be \(value.short)") }
        return read
    }

    private func needed<Value>(_ name: String, _ value: Value?) throws -> Value {
        guard let value else { throw Mismatch("\(name) is missing") }
        return value
    }

    func text(_ name: String) throws -> String? { try optional(name, \.text) }
    func neededText(_ name: String) throws -> String { try needed(name, text(name)) }

    func bool(_ name: String) throws -> Bool? {
        try optional(name) { if case .bool(let value) = $0 { value } else { nil } }
    }

    func whole<Number: FixedWidthInteger>(_ name: String, _: Number.Type = Number.self) throws -> Number? {
        try optional(name) { if case .whole(let value) = $0 { Number(exactly: value) } else { nil } }
    }

    /// Also `"nan"`, `"infinity"` and `"-infinity"`, which JSON has no numbers for.
    func number(_ name: String) throws -> Double? {
        try optional(name) { value in
            switch value.text {
            case "nan": .nan
            case "infinity": .infinity
            case "-infinity": -.infinity
            default: value.double
            }
        }
    }

    func neededNumber(_ name: String) throws -> Double { try needed(name, number(name)) }

    func optionalId(_ name: String) throws -> UUID? { try optional(name) { $0.text.flatMap(UUID.init(uuidString:)) } }

    func id(_ name: String = "id") throws -> UUID { try needed(name, optionalId(name)) }

    func instant(_ name: String) throws -> Date? {
        try whole(name, Int64.self).map { Date(timeIntervalSince1970: Double($0) / 1000) }
    }

    /// A case by its name in snake case.
    func named<Value: CaseIterable>(_ name: String, _: Value.Type = Value.self) throws -> Value? {
        try optional(name) { value in Value.allCases.first { seen($0) == value } }
    }

    func neededName<Value: CaseIterable>(_ name: String, _: Value.Type = Value.self) throws -> Value {
        try needed(name, named(name, Value.self))
    }

    /// The cases that a list names; none if there is no list.
    func names<Value: CaseIterable>(_ name: String, _: Value.Type = Value.self) throws -> [Value] {
        try optional(name) { value in
            guard let elements = value.elements else { return nil }
            let cases = elements.compactMap { element in Value.allCases.first { seen($0) == element } }
            return cases.count == elements.count ? cases : nil
        } ?? []
    }

    /// `2026-01-28`; also a day that the calendar does not have.
    func date(_ name: String) throws -> CivilDate? {
        try optional(name) { value in
            let parts = value.text?.split(separator: "-") ?? []
            guard parts.count == 3, let year = UInt16(parts[0]), let month = UInt8(parts[1]), let day = UInt8(parts[2]) else { return nil }
            return CivilDate(year: year, month: month, day: day)
        }
    }

    func neededDate(_ name: String) throws -> CivilDate { try needed(name, date(name)) }

    func neededWhole<Number: FixedWidthInteger>(_ name: String, _: Number.Type = Number.self) throws -> Number {
        try needed(name, whole(name))
    }

    /// Events as `outbox_events` gave them.
    func events(_ name: String) throws -> [EventReference]? {
        try optional(name) { value in
            let events = value.elements?.compactMap(EventReference.init)
            return events?.count == value.elements?.count ? events : nil
        }
    }

    func neededEvents(_ name: String) throws -> [EventReference] { try needed(name, events(name)) }

    /// A token that was cancelled before, if `cancel` says so.
    func cancel() throws -> CancelToken? {
        guard try bool("cancel") == true else { return nil }
        let token = CancelToken()
        token.cancel()
        return token
    }
}
