import Foundation
import Steadfast

extension CivilDate {
    /// The day so many days later, or earlier; nothing beyond the years 1 to 9999.
    func adding(days: Int) -> CivilDate? {
        guard let midnight else { return nil }
        return CivilDate(midnight.addingTimeInterval(Double(days) * Self.dayS), in: .gmt)
    }

    /// Days from another day to this one; nothing for a day that the calendar does not have.
    func days(since other: CivilDate) -> Int? {
        guard let midnight, let start = other.midnight else { return nil }
        return Int((midnight.timeIntervalSince(start) / Self.dayS).rounded())
    }

    /// Where the day begins in Greenwich: a day there has 24 hours all year.
    var midnight: Date? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar.date(from: DateComponents(year: Int(year), month: Int(month), day: Int(day)))
    }

    private static let dayS = 86_400.0
}
