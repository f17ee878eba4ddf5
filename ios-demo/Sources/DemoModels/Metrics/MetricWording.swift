import Foundation
import Steadfast

extension MetricKind {
    /// Those that can be chosen, the usual ones first.
    public static let choices: [MetricKind] = allCases.filter { $0 != .unknown }

    /// What a person calls it.
    public var name: String {
        switch self {
        case .bodyMass: "Body mass"
        case .height: "Height"
        case .bodyFat: "Body fat"
        case .steps: "Steps"
        case .heartRate: "Heart rate"
        case .mood: "Mood"
        case .distance: "Distance"
        case .activeEnergy: "Active energy"
        case .activeDuration: "Active time"
        case .unknown: "Something of a newer version"
        }
    }

    /// The unit of a first entry.
    public var usualUnit: MetricUnit {
        switch self {
        case .height: .centimetre
        case .bodyFat: .percent
        case .distance: .kilometre
        case .activeEnergy: .kilocalorie
        case .activeDuration: .minute
        case .bodyMass, .steps, .heartRate, .mood, .unknown: baseUnit()
        }
    }
}

extension MetricUnit {
    /// `kg`; empty for counts and scores, which need none.
    public var symbol: String {
        switch self {
        case .kilogram: "kg"
        case .gram: "g"
        case .pound: "lb"
        case .ounce: "oz"
        case .stone: "st"
        case .metre: "m"
        case .centimetre: "cm"
        case .kilometre: "km"
        case .inch: "in"
        case .foot: "ft"
        case .yard: "yd"
        case .mile: "mi"
        case .percent: "%"
        case .beatsPerMinute: "bpm"
        case .joule: "J"
        case .kilojoule: "kJ"
        case .kilocalorie: "kcal"
        case .second: "s"
        case .minute: "min"
        case .hour: "h"
        case .fraction, .count, .score, .unknown: ""
        }
    }

    /// `kilograms`: in a picker, and read by VoiceOver.
    public var name: String {
        switch self {
        case .kilogram: "kilograms"
        case .gram: "grams"
        case .pound: "pounds"
        case .ounce: "ounces"
        case .stone: "stones"
        case .metre: "metres"
        case .centimetre: "centimetres"
        case .kilometre: "kilometres"
        case .inch: "inches"
        case .foot: "feet"
        case .yard: "yards"
        case .mile: "miles"
        case .percent: "percent"
        case .beatsPerMinute: "beats per minute"
        case .joule: "joules"
        case .kilojoule: "kilojoules"
        case .kilocalorie: "kilocalories"
        case .second: "seconds"
        case .minute: "minutes"
        case .hour: "hours"
        case .fraction: "parts of one"
        case .count: "times"
        case .score: "points"
        case .unknown: "of a newer version"
        }
    }
}

extension Format {
    /// A quantity as it was entered, with all its digits: `177.5 lb`.
    public func quantity(_ quantity: Double, _ unit: MetricUnit) -> String {
        joined(asEntered(quantity), unit)
    }

    /// A quantity that was computed, to two digits: `80.51 kg`.
    public func computed(_ quantity: Double, _ unit: MetricUnit) -> String {
        joined(quantity.formatted(.number.precision(.fractionLength(0...2)).locale(locale)), unit)
    }

    /// The entry in the base unit of its kind; nothing if that is what was entered.
    public func quantitySi(_ entry: ProgressEntry) -> String? {
        let base = entry.kind.baseUnit()
        return entry.unit == base ? nil : computed(entry.quantitySi, base)
    }

    private func joined(_ number: String, _ unit: MetricUnit) -> String { unit.symbol.isEmpty ? number : "\(number) \(unit.symbol)" }
}

extension Wording {
    /// An entry of the list, read as one sentence.
    public func entry(_ entry: ProgressEntry) -> String {
        let number = format.asEntered(entry.quantity)
        let when = format.dateAndTime(entry.recordedAt, utcOffsetS: entry.utcOffsetS)
        return [entry.kind.name, "\(number) \(entry.unit.name)", when, entry.notes].compactMap { $0 }.joined(separator: ", ")
    }

    /// What a picture of a trend shows.
    public func trend(_ trend: TrendShape) -> String {
        let (lowest, highest) = (format.computed(trend.lowest, trend.unit), format.computed(trend.highest, trend.unit))
        return "\(trend.points.count) days with entries, from \(lowest) to \(highest)"
    }
}
