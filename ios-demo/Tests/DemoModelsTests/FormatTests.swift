import Foundation
import Steadfast
import Testing

@testable import DemoModels

private let british = Locale(identifier: "en_GB")
private let kilometres = Format(unit: .kilometre, locale: british)
private let miles = Format(unit: .mile, locale: british)

@Suite struct FormatTests {
    @Test(arguments: [
        (0.0, "0.00 km"), (3419.9, "3.41 km"), (9999.9, "9.99 km"), (10_000, "10.00 km"), (1_234_567, "1,234.56 km"),
    ])
    func aDistanceIsCutOffNotRounded(metres: Double, shown: String) {
        #expect(kilometres.distance(metres) == shown)
    }

    @Test func aMarathonInMiles() { #expect(miles.distance(42_195) == "26.21 mi") }

    @Test func theLocaleDecidesTheSeparator() {
        #expect(Format(locale: Locale(identifier: "de_DE")).distance(3420) == "3,42 km")
    }

    @Test(arguments: [
        (0.0, "0:00"), (-3, "0:00"), (59.99, "0:59"), (304, "5:04"), (3599.9, "59:59"), (3600, "1:00:00"), (3723, "1:02:03"),
        (86_400, "24:00:00"), (.nan, "0:00"), (.infinity, "0:00"),
    ])
    func aDurationIsAStopwatch(seconds: Double, shown: String) { #expect(kilometres.duration(seconds) == shown) }

    @Test func aPaceIsRoundedToTheSecond() {
        #expect(kilometres.pace(303.6) == "5:04 /km")
        #expect(miles.pace(300) == "8:03 /mi")
    }

    @Test func whatIsUnknownIsADash() {
        #expect(kilometres.pace(nil) == "–")
        #expect(kilometres.pace(.infinity) == "–")
        #expect(kilometres.speedNumber(nil) == "–")
        #expect(kilometres.elevation(nil) == "–")
        #expect(kilometres.whole(nil) == "–")
    }

    @Test func speedElevationAndHeartRate() {
        #expect(kilometres.speedNumber(5) + kilometres.speedSymbol == "18.0km/h")
        #expect(miles.speedNumber(5) + miles.speedSymbol == "11.2mph")
        #expect(kilometres.elevation(123.5) == "124 m")
        #expect(miles.elevation(100) == "328 ft")
        #expect(kilometres.whole(141.6) == "142")
    }

    @Test func aCivilDateIsTheSameEverywhere() {
        #expect(kilometres.date(CivilDate(year: 2026, month: 1, day: 28)) == "Wed, 28 Jan 2026")
        let halfPastMidnight = Date(timeIntervalSince1970: 1_769_554_800)  // 2026-01-27T23:00:00Z
        #expect(kilometres.date(halfPastMidnight, utcOffsetS: 5400) == "Wed, 28 Jan 2026")
        #expect(kilometres.time(halfPastMidnight, utcOffsetS: 5400) == "0:30")
    }

    @Test func aNumberKeepsTheDigitsThatWereTyped() {
        #expect([80, 177.5, 0.1, 12_345.678_9].map(kilometres.asEntered) == ["80", "177.5", "0.1", "12,345.6789"])
    }

    @Test func aDateIsToldWhereItHappened() {
        let noon = Date(timeIntervalSince1970: 1_780_315_200)  // 2026-06-01T12:00:00Z
        #expect(kilometres.dateAndTime(noon, utcOffsetS: 7200) == "1 Jun 2026 at 14:00")
        #expect(kilometres.dateAndTime(noon, utcOffsetS: -36_000) == "1 Jun 2026 at 2:00")
    }
}
