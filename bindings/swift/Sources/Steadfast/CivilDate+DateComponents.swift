import Foundation

extension CivilDate {
    /// Year, month and day. They name their calendar: a person's own may be another one, in which the same numbers are another day.
    public var dateComponents: DateComponents {
        DateComponents(calendar: Calendar(identifier: .gregorian), year: Int(year), month: Int(month), day: Int(day))
    }

    /// The day of components. `nil` if year, month or day is missing, if their calendar is another one than the Gregorian or has no such
    /// day, or beyond the years 1 to 9999.
    ///
    /// - Parameter components: Year, month and day; without a calendar the Gregorian one is meant.
    public init?(_ components: DateComponents) {
        let gregorian = Calendar(identifier: .gregorian)
        let isGregorian = [nil, .gregorian, .iso8601].contains(components.calendar?.identifier)
        guard isGregorian, let year = components.year, let month = components.month, let day = components.day else { return nil }
        let parts = DateComponents(year: year, month: month, day: day)
        guard (1...9999).contains(year), parts.isValidDate(in: gregorian) else { return nil }
        self.init(year: UInt16(year), month: UInt8(month), day: UInt8(day))
    }

    /// The day on which an instant falls, as a date picker gives it; `nil` beyond the years 1 to 9999.
    ///
    /// - Parameters:
    ///   - date: The instant.
    ///   - timeZone: Whose day it is; the device's, if nothing else is said.
    public init?(_ date: Date, in timeZone: TimeZone = .current) {
        var gregorian = Calendar(identifier: .gregorian)
        gregorian.timeZone = timeZone
        let parts = gregorian.dateComponents([.era, .year, .month, .day], from: date)
        guard parts.era == 1 else { return nil }
        self.init(DateComponents(year: parts.year, month: parts.month, day: parts.day))
    }
}
