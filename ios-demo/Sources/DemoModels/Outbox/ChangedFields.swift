import Foundation
import Steadfast

/// What a change says of its row: the fields as they travel, `{"quantity": {"value": 177.5, …}, …}`.
struct ChangedFields {
    private let event: OutboxEvent
    private let format: Format
    private let fields: [String: Field]

    private struct Field: Decodable {
        let value: FieldValue?
    }

    init(_ event: OutboxEvent, _ format: Format) {
        self.event = event
        self.format = format
        // A newer version may write what this one cannot read: the change has a plainer name then.
        fields = (try? JSONDecoder().decode([String: Field].self, from: Data(event.fields.utf8))) ?? [:]
    }

    /// `Body mass: 177.5 lb`; only the kind where the change does not say more, as a deletion does not.
    var title: String {
        guard event.operation != "delete" else { return "\(noun), deleted" }
        return details.isEmpty ? noun : "\(noun): \(details)"
    }

    /// What a person calls such a row.
    private var noun: String {
        switch event.entityKind {
        case "activity": "Workout"
        case "program_session": "Training day"
        case "exercise_definition": "Movement"
        case "workout_log": "Strength log"
        case "exercise": "Exercise of a strength log"
        case "exercise_set": "Set of a strength log"
        case "progress_entry": text("kind").map(Self.words) ?? "Metric"
        case "habit_log": "Habit"
        default: "Something of a newer version"
        }
    }

    private var details: String {
        let parts: [String?] =
            switch event.entityKind {
            case "activity": [text("title")]
            case "program_session": [day, said]
            case "exercise_definition": [text("name")]
            case "workout_log": [day]
            case "exercise_set": [quantity("weight", "weight_unit"), text("reps").map { "\($0) times" }]
            case "progress_entry": [quantity("quantity", "unit")]
            case "habit_log": [text("kind")]
            default: []
            }
        return parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ", ")
    }

    private var day: String? {
        guard let week = text("week"), let day = text("day") else { return nil }
        return "week \(week), day \(day)"
    }

    /// What was said of a training day.
    private var said: String? {
        let words = [
            ("completed_at_ms", "done", "not done after all"), ("intensity", "rated", "not rated"),
            ("scheduled_date", "planned", "not planned any more"),
        ]
        let said = words.compactMap { name, set, unset in fields[name].map { $0.value == nil ? unset : set } }
        return said.isEmpty ? nil : said.joined(separator: ", ")
    }

    private func quantity(_ number: String, _ unit: String) -> String? {
        guard case .number(let number) = fields[number]?.value else { return nil }
        let symbol: String? =
            switch text(unit) {
            case "percent": "%"
            // These need none.
            case "fraction", "count", "score": nil
            case let unit: unit
            }
        return [format.asEntered(number), symbol].compactMap { $0 }.joined(separator: " ")
    }

    private func text(_ name: String) -> String? {
        switch fields[name]?.value {
        case .number(let number): format.asEntered(number)
        case .text(let text): text
        case .other, nil: nil
        }
    }

    /// `Body mass` for `body_mass`.
    private static func words(_ name: String) -> String {
        let words = name.replacingOccurrences(of: "_", with: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}

/// A field's value, as far as a person is told of it.
private enum FieldValue: Decodable {
    case number(Double)
    case text(String)
    /// Yes or no, or a list.
    case other

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else {
            self = .other
        }
    }
}
