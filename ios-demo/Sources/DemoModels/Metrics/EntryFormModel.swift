import Foundation
import Observation
import Steadfast

/// An entry that is being typed: new, or one of the list. What was typed stays until the core has taken it.
@MainActor @Observable public final class EntryFormModel: Identifiable {
    public let kind: MetricKind
    /// As typed.
    public var quantity: String
    public var unit: MetricUnit
    public var recordedAt: Date
    public var notes: String
    public let attempt = Attempt()

    private let metrics: Metrics
    private let numbers: NumberText
    /// The entry that is edited; nothing for a new one.
    private let entry: ProgressEntry?
    private let quantityBefore: String

    init(metrics: Metrics, kind: MetricKind, unit: MetricUnit, now: Date, locale: Locale) {
        self.metrics = metrics
        self.kind = kind
        self.unit = unit
        numbers = NumberText(locale)
        entry = nil
        quantityBefore = ""
        quantity = ""
        notes = ""
        recordedAt = now
    }

    init(metrics: Metrics, entry: ProgressEntry, locale: Locale) {
        self.metrics = metrics
        self.entry = entry
        kind = entry.kind
        unit = entry.unit
        recordedAt = entry.recordedAt
        notes = entry.notes ?? ""
        numbers = NumberText(locale)
        quantityBefore = numbers.text(entry.quantity)
        quantity = quantityBefore
    }

    /// True for an entry that is not stored yet.
    public var isNew: Bool { entry == nil }

    /// The units to choose from.
    public var units: [MetricUnit] { kind.units() }

    /// Records or changes the entry; what stays the same is not written. True if it was done.
    @discardableResult public func save(in zone: TimeZone = .current) async -> Bool {
        let offset = Int32(zone.secondsFromGMT(for: recordedAt))
        return await attempt.run { [self] in
            if let entry {
                _ = try await metrics.edit(id: entry.id, edit: edit(of: entry, utcOffsetS: offset))
            } else {
                _ = try await metrics.record(
                    entry: NewProgressEntry(
                        kind: kind,
                        quantity: numbers.value(quantity),
                        unit: unit,
                        recordedAt: recordedAt,
                        utcOffsetS: offset,
                        notes: notes
                    )
                )
            }
        }
    }

    private func edit(of entry: ProgressEntry, utcOffsetS: Int32) -> ProgressEntryEdit {
        let isMoved = recordedAt != entry.recordedAt
        let isNoted = notes != entry.notes ?? ""
        return ProgressEntryEdit(
            quantity: quantity == quantityBefore ? nil : numbers.value(quantity),
            unit: unit == entry.unit ? nil : unit,
            recordedAt: isMoved ? recordedAt : nil,
            utcOffsetS: isMoved ? utcOffsetS : nil,
            notes: isNoted && !notes.isEmpty ? notes : nil,
            clear: isNoted && notes.isEmpty ? [.notes] : []
        )
    }
}
