import Foundation
import Steadfast
import Testing

@testable import DemoModels

@Suite struct TrendShapeTests {
    private func day(_ day: UInt8, sum: Double, average: Double, latest: Double) -> DailyTotal {
        let date = CivilDate(year: 2026, month: 6, day: day)
        return DailyTotal(date: date, count: 2, sumSi: sum, averageSi: average, minimumSi: 0, maximumSi: sum, latestSi: latest)
    }

    @Test(arguments: [(MetricKind.bodyMass, 3.0), (.steps, 10.0), (.heartRate, 5.0)])
    func aDayIsWhatItsKindComesTo(kind: MetricKind, quantity: Double) {
        let trend = TrendShape([day(1, sum: 10, average: 5, latest: 3)], of: kind, unit: kind.baseUnit())
        #expect(trend.points.map(\.quantity) == [quantity])
        #expect(trend.isEmpty, "a day is no line")
    }

    @Test func daysWithoutAnEntryKeepTheirPlace() {
        let days = [
            day(1, sum: 0, average: 0, latest: 50), day(2, sum: 0, average: 0, latest: 100), day(5, sum: 0, average: 0, latest: 100),
        ]
        let line = TrendShape(days, of: .bodyMass, unit: .kilogram).fitted(width: 400, height: 100)
        #expect(line == [.init(x: 0, y: 100), .init(x: 100, y: 0), .init(x: 400, y: 0)])
    }

    @Test func whatABodyWeighsMoreAfterAMealIsNoMountain() {
        let days = [day(1, sum: 0, average: 0, latest: 99.5), day(2, sum: 0, average: 0, latest: 100)]
        let line = TrendShape(days, of: .bodyMass, unit: .kilogram).fitted(width: 100, height: 100)
        #expect(line.map(\.y) == [62.5, 37.5])
    }

    @Test func nothingButZerosIsALineInTheMiddle() {
        let days = [day(1, sum: 0, average: 0, latest: 0), day(2, sum: 0, average: 0, latest: 0)]
        #expect(TrendShape(days, of: .steps, unit: .count).fitted(width: 10, height: 10).map(\.y) == [5, 5])
    }

    @Test func aUnitOfANewerVersionIsShownInTheBaseUnit() {
        let trend = TrendShape([day(1, sum: 0, average: 0, latest: 80)], of: .bodyMass, unit: .unknown)
        #expect(trend.unit == .kilogram && trend.highest == 80)
    }

    @Test func everyKindAndUnitHasANameOfItsOwn() {
        #expect(Set(MetricKind.allCases.map(\.name)).count == MetricKind.allCases.count)
        #expect(Set(MetricUnit.allCases.map(\.name)).count == MetricUnit.allCases.count)
        #expect(MetricKind.choices.allSatisfy { $0.units().contains($0.usualUnit) })
    }
}
