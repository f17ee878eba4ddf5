import Foundation
import Testing

@testable import Steadfast

struct CivilDateTests {
    @Test func aDayComesBackFromItsComponents() throws {
        for (year, month, day) in [(2028, 2, 29), (1, 1, 1), (9999, 12, 31)] {
            let date = CivilDate(year: UInt16(year), month: UInt8(month), day: UInt8(day))
            #expect(CivilDate(date.dateComponents) == date)
        }
        let encoded = try JSONEncoder().encode(CivilDate(year: 2028, month: 2, day: 29))
        #expect(try JSONDecoder().decode(CivilDate.self, from: encoded) == CivilDate(year: 2028, month: 2, day: 29))
    }

    @Test func whatIsNoDayOfTheCalendarIsNone() {
        for (year, month, day) in [(2026, 2, 29), (2026, 13, 1), (2026, 4, 31), (0, 1, 1), (10_000, 1, 1)] {
            #expect(CivilDate(DateComponents(year: year, month: month, day: day)) == nil, "\(year)-\(month)-\(day)")
        }
        #expect(CivilDate(DateComponents(year: 2026, month: 1)) == nil)
        let buddhist = Calendar(identifier: .buddhist)
        #expect(CivilDate(DateComponents(calendar: buddhist, year: 2569, month: 1, day: 1)) == nil)
    }

    @Test func anInstantFallsOnTheDayOfItsZone() throws {
        let justBeforeMidnight = Date(timeIntervalSince1970: 1_769_558_399)
        let east = try #require(TimeZone(secondsFromGMT: 3600))
        #expect(CivilDate(justBeforeMidnight, in: .gmt) == CivilDate(year: 2026, month: 1, day: 27))
        #expect(CivilDate(justBeforeMidnight, in: east) == CivilDate(year: 2026, month: 1, day: 28))
        #expect(CivilDate(Date.distantPast - 86400 * 366, in: .gmt) == nil)
    }
}
