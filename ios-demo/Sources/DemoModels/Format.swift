import Foundation
import Steadfast

/// Numbers as a screen shows them, in the person's unit and locale. What is unknown is a dash, never a zero.
public struct Format: Sendable, Equatable {
    /// What stands in the place of a number that is not known.
    public static let unknown = "–"

    /// Whether distances are kilometres and metres, or miles and feet.
    public var unit: SplitUnit
    /// Decides separators and the order of dates.
    public var locale: Locale

    public init(unit: SplitUnit = .kilometre, locale: Locale = .current) {
        self.unit = unit
        self.locale = locale
    }

    /// `km` or `mi`.
    public var distanceSymbol: String { unit == .mile ? "mi" : "km" }

    /// `m` or `ft`.
    public var elevationSymbol: String { unit == .mile ? "ft" : "m" }

    /// Metres as whole and hundredth kilometres or miles. Cut off, not rounded: 10.00 must not be shown before it was run.
    public func distanceNumber(_ metres: Double) -> String {
        number(metres / unit.metres, digits: 2, rule: .towardZero)
    }

    /// As `distanceNumber`, with the unit: `3.42 km`.
    public func distance(_ metres: Double) -> String { "\(distanceNumber(metres)) \(distanceSymbol)" }

    /// Seconds as a stopwatch shows them, cut off to whole ones: `5:04`, `1:02:03`.
    public func duration(_ seconds: Double) -> String {
        let total = wholeSeconds(seconds)
        let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60)
        let tail = "\(padded(minutes, if: hours > 0)):\(padded(rest, if: true))"
        return hours > 0 ? "\(hours):\(tail)" : tail
    }

    /// Seconds per kilometre as minutes and seconds for the person's unit, rounded: `5:04`.
    public func paceNumber(_ secondsPerKilometre: Double?) -> String {
        guard let seconds = paceSeconds(secondsPerKilometre) else { return Self.unknown }
        return duration(seconds)
    }

    /// As `paceNumber`, with the unit: `5:04 /km`.
    public func pace(_ secondsPerKilometre: Double?) -> String {
        guard let seconds = paceSeconds(secondsPerKilometre) else { return Self.unknown }
        return "\(duration(seconds)) \(paceSymbol)"
    }

    /// `/km` or `/mi`.
    public var paceSymbol: String { "/\(distanceSymbol)" }

    /// Metres per second as kilometres or miles an hour, with one decimal: `21.4`.
    public func speedNumber(_ metresPerSecond: Double?) -> String {
        guard let metresPerSecond else { return Self.unknown }
        return number(metresPerSecond * 3600 / unit.metres, digits: 1)
    }

    /// `km/h` or `mph`.
    public var speedSymbol: String { unit == .mile ? "mph" : "km/h" }

    /// Metres up or down, or above the sea, as whole metres or feet.
    public func elevationNumber(_ metres: Double?) -> String {
        guard let metres else { return Self.unknown }
        return number(metres / unit.metresOfElevation, digits: 0)
    }

    /// As `elevationNumber`, with the unit: `123 m`.
    public func elevation(_ metres: Double?) -> String {
        metres == nil ? Self.unknown : "\(elevationNumber(metres)) \(elevationSymbol)"
    }

    /// Beats or revolutions per minute, or watts, as a whole number.
    public func whole(_ value: Double?) -> String {
        guard let value else { return Self.unknown }
        return number(value, digits: 0)
    }

    /// A count with its separators.
    public func count(_ value: UInt64) -> String { value.formatted(.number.locale(locale)) }

    /// A share of one as whole percent.
    public func percent(_ share: Double) -> String { "\(number(share * 100, digits: 0, rule: .towardZero)) %" }

    /// A date of the calendar, with its weekday: `Wed, 28 Jan 2026`.
    public func date(_ date: CivilDate) -> String {
        let style = Date.FormatStyle(locale: locale, timeZone: .gmt).weekday(.abbreviated).day().month(.abbreviated).year()
        // A device of another version may have sent a day that no calendar has.
        return date.midnight?.formatted(style) ?? "\(date.year)-\(date.month)-\(date.day)"
    }

    /// The date of an instant where it happened, if the offset of local time from UTC is known; else where the device is now.
    public func date(_ date: Date, utcOffsetS: Int32?) -> String {
        let zone = utcOffsetS.flatMap { TimeZone(secondsFromGMT: Int($0)) } ?? .current
        return CivilDate(date, in: zone).map(self.date) ?? Self.unknown
    }

    /// The time of day where it happened, if the offset of local time from UTC is known; else where the device is now.
    public func time(_ date: Date, utcOffsetS: Int32?) -> String {
        let zone = utcOffsetS.flatMap { TimeZone(secondsFromGMT: Int($0)) } ?? .current
        return date.formatted(Date.FormatStyle(time: .shortened, locale: locale, timeZone: zone))
    }

    /// Date and time of day where it happened, if the offset of local time from UTC is known; else where the device is now.
    public func dateAndTime(_ date: Date, utcOffsetS: Int32?) -> String {
        let zone = utcOffsetS.flatMap { TimeZone(secondsFromGMT: Int($0)) } ?? .current
        return date.formatted(Date.FormatStyle(date: .abbreviated, time: .shortened, locale: locale, timeZone: zone))
    }

    /// A number with all the digits that were typed, which are no more than a double has.
    func asEntered(_ number: Double) -> String {
        number.formatted(.number.precision(.fractionLength(0...15)).locale(locale))
    }

    /// Seconds of pace for the person's unit, rounded to whole ones; nothing for what is unknown or no number.
    func paceSeconds(_ secondsPerKilometre: Double?) -> Double? {
        guard let secondsPerKilometre, secondsPerKilometre.isFinite else { return nil }
        return (secondsPerKilometre * unit.metres / 1000).rounded()
    }

    /// Seconds, cut off; what is negative or no number counts as none.
    func wholeSeconds(_ seconds: Double) -> Int { Int(exactly: max(seconds, 0).rounded(.towardZero)) ?? 0 }

    func number(_ value: Double, digits: Int, rule: FloatingPointRoundingRule = .toNearestOrAwayFromZero) -> String {
        value.formatted(.number.precision(.fractionLength(digits)).rounded(rule: rule).locale(locale))
    }

    private func padded(_ value: Int, if isPadded: Bool) -> String { isPadded && value < 10 ? "0\(value)" : "\(value)" }
}

extension SplitUnit {
    /// Metres of one unit.
    public var metres: Double { self == .mile ? 1609.344 : 1000 }

    /// Metres of one foot beside miles, of one metre beside kilometres.
    public var metresOfElevation: Double { self == .mile ? 0.3048 : 1 }
}
