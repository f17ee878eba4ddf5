import Foundation
import Observation
import Steadfast

/// An entry of a habit that is being typed: new, or one of the day. What was typed stays until the core has taken it.
@MainActor @Observable public final class HabitFormModel: Identifiable {
    /// Which habit, in the person's words.
    public var kind: String
    public var startedAt: Date
    /// As typed; empty if nobody looked at the clock.
    public var minutes: String
    public var method: String
    public var mood: String
    /// As typed: 0 to 100, or empty.
    public var potency: String
    public var notes: String
    public let attempt = Attempt()

    private let habits: Habits
    private let numbers: NumberText
    /// The entry that is edited; nothing for a new one.
    private let log: HabitLog?
    private let minutesBefore: String

    private static let msOfMinute = 60_000.0

    init(habits: Habits, kind: String, startedAt: Date, locale: Locale) {
        self.habits = habits
        numbers = NumberText(locale)
        log = nil
        minutesBefore = ""
        self.kind = kind
        self.startedAt = startedAt
        minutes = ""
        method = ""
        mood = ""
        potency = ""
        notes = ""
    }

    init(habits: Habits, log: HabitLog, locale: Locale) {
        self.habits = habits
        self.log = log
        let numbers = NumberText(locale)
        self.numbers = numbers
        minutesBefore = log.durationMs.map { numbers.text(Double($0) / Self.msOfMinute) } ?? ""
        kind = log.kind
        startedAt = log.startedAt
        minutes = minutesBefore
        method = log.method ?? ""
        mood = log.mood ?? ""
        potency = log.potency.map { "\($0)" } ?? ""
        notes = log.notes ?? ""
    }

    /// True for an entry that is not stored yet.
    public var isNew: Bool { log == nil }

    /// Records or changes the entry; what stays the same is not written. True if it was done.
    @discardableResult public func save(in zone: TimeZone = .current) async -> Bool {
        let offset = Int32(zone.secondsFromGMT(for: startedAt))
        return await attempt.run { [self] in
            if let log {
                _ = try await habits.edit(id: log.id, edit: edit(of: log, utcOffsetS: offset))
            } else {
                _ = try await habits.record(
                    log: NewHabitLog(
                        kind: kind,
                        startedAt: startedAt,
                        utcOffsetS: offset,
                        durationMs: durationMs(),
                        method: method,
                        notes: notes,
                        mood: mood,
                        potency: numbers.whole(potency, field: "potency")
                    )
                )
            }
        }
    }

    private func edit(of log: HabitLog, utcOffsetS: Int32) throws -> HabitLogEdit {
        let isMoved = startedAt != log.startedAt
        let texts: [(HabitField, String, String?)] = [(.method, method, log.method), (.mood, mood, log.mood), (.notes, notes, log.notes)]
        var clear = texts.filter { $0.1.isEmpty && $0.2 != nil }.map(\.0)
        let durationMs = minutes == minutesBefore ? nil : try durationMs()
        if durationMs == nil, minutes != minutesBefore { clear.append(.duration) }
        let potency: Int64? = try numbers.whole(potency, field: "potency")
        if potency == nil, log.potency != nil { clear.append(.potency) }
        return HabitLogEdit(
            kind: kind == log.kind ? nil : kind,
            startedAt: isMoved ? startedAt : nil,
            utcOffsetS: isMoved ? utcOffsetS : nil,
            durationMs: durationMs,
            method: new(method, log.method),
            notes: new(notes, log.notes),
            mood: new(mood, log.mood),
            potency: potency == log.potency ? nil : potency,
            clear: clear
        )
    }

    /// The text, if it says something else than before.
    private func new(_ text: String, _ before: String?) -> String? { text.isEmpty || text == before ? nil : text }

    private func durationMs() throws -> UInt64? {
        guard let minutes = numbers.optionalValue(minutes) else { return nil }
        guard let durationMs = UInt64(exactly: (minutes * Self.msOfMinute).rounded()) else { throw NumberText.refused("duration_ms") }
        return durationMs
    }
}
