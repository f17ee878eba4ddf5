/// Whether what was seen is what was expected.
enum Matching {
    private static let special: Set<String> = [
        "near", "within", "at_least", "at_most", "count", "first", "last", "each", "one_of", "begins", "ends", "has", "not",
    ]

    /// - Throws: The first difference.
    static func match(_ expected: JSON, _ seen: JSON, at path: String = "") throws {
        switch (expected, seen) {
        case (.object(let matcher), _) where isSpecial(matcher, seen):
            for (name, argument) in matcher {
                guard try holds(name, argument, matcher, seen, at: path) else {
                    throw Mismatch("\(path): expected \(name) \(argument.short), seen \(seen.short)")
                }
            }
        case (.object(let members), .object(let fields)):
            for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                guard let field = fields[name] else { throw Mismatch("\(path).\(name): there is no such field") }
                try match(member, field, at: "\(path).\(name)")
            }
        case (.array(let members), .array(let elements)):
            guard members.count == elements.count else {
                throw Mismatch("\(path): expected \(members.count) elements, seen \(elements.count)")
            }
            for (index, pair) in zip(members, elements).enumerated() {
                try match(pair.0, pair.1, at: "\(path)[\(index)]")
            }
        default:
            guard isSame(expected, seen) else { throw Mismatch("\(path): expected \(expected.short), seen \(seen.short)") }
        }
    }

    static func matches(_ expected: JSON, _ seen: JSON) -> Bool {
        (try? match(expected, seen)) != nil
    }

    /// An object has a `count` as a field, not of elements.
    private static func isSpecial(_ matcher: [String: JSON], _ seen: JSON) -> Bool {
        if case .object = seen, matcher["count"] != nil { return false }
        return !special.isDisjoint(with: matcher.keys)
    }

    private static func isSame(_ expected: JSON, _ seen: JSON) -> Bool {
        if case (.whole, .whole) = (expected, seen) { return expected == seen }
        guard let a = expected.double, let b = seen.double else { return expected == seen }
        return abs(a - b) <= 1e-9 * max(abs(a), abs(b))
    }

    private static func holds(_ name: String, _ argument: JSON, _ matcher: [String: JSON], _ seen: JSON, at path: String) throws -> Bool {
        func wanted<Value>(_ value: Value?, _ kind: String) throws -> Value {
            guard let value else { throw Mismatch("\(path): \(name) wants a \(kind), seen \(seen.short)") }
            return value
        }
        let number = { try wanted(seen.double, "number") }
        let limit = { try wanted(argument.double, "number") }
        let text = { try wanted(seen.text, "text") }
        let part = { try wanted(argument.text, "text") }
        let elements = { try wanted(seen.elements, "array") }
        switch name {
        case "near": return abs(try number() - limit()) <= (try wanted(matcher["within"]?.double, "within"))
        case "within": return matcher["near"] != nil
        case "at_least": return try number() >= limit()
        case "at_most": return try number() <= limit()
        case "count": return try .whole(Int64(elements().count)) == argument
        case "first": try match(argument, wanted(elements().first, "first element"), at: "\(path).first")
        case "last": try match(argument, wanted(elements().last, "last element"), at: "\(path).last")
        case "each":
            for element in try elements() { try match(argument, element, at: "\(path).each") }
        case "one_of": return try wanted(argument.elements, "array").contains { matches($0, seen) }
        case "begins": return try text().hasPrefix(part())
        case "ends": return try text().hasSuffix(part())
        case "has": return try !text().isEmpty && (part().isEmpty || text().contains(part()))
        case "not": return !matches(argument, seen)
        default: throw Mismatch("\(path): unknown matcher \(name)")
        }
        return true
    }
}
