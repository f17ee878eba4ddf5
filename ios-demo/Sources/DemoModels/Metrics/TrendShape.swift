import Steadfast

/// How a metric went, a point a day, ready to be scaled into any frame.
public struct TrendShape: Equatable, Sendable {
    /// What a day comes to.
    public struct Point: Equatable, Sendable {
        /// Days since the first point.
        public let day: Int
        /// In `unit`.
        public let quantity: Double
    }

    /// In order of days; days without an entry are left out.
    public let points: [Point]
    /// The unit of every quantity here.
    public let unit: MetricUnit
    /// Zero if there is nothing to draw.
    public let lowest: Double
    /// Zero if there is nothing to draw.
    public let highest: Double

    /// True if there is nothing to draw: fewer than two days with an entry.
    public var isEmpty: Bool { points.count < 2 }

    /// The days of a kind, in a unit in which it is entered.
    init(_ days: [DailyTotal], of kind: MetricKind, unit: MetricUnit) {
        // An entry of a newer version may have a unit that this one does not know.
        let unit = kind.units().contains(unit) ? unit : kind.baseUnit()
        points = days.compactMap { total in
            guard let first = days.first, let day = total.date.days(since: first.date) else { return nil }
            return unit.quantityOfSi(quantitySi: kind.ofDay(total)).map { Point(day: day, quantity: $0) }
        }
        self.unit = unit
        lowest = points.map(\.quantity).min() ?? 0
        highest = points.map(\.quantity).max() ?? 0
    }

    /// The curve scaled into a frame, low at the bottom. No less than a fiftieth of the highest quantity fills the height: that is what a
    /// body weighs more or less from one day to the next, and no mountain.
    public func fitted(width: Double, height: Double) -> [RouteShape.Point] {
        guard !isEmpty, let last = points.last else { return [] }
        let range = max(highest - lowest, highest / 50)
        let bottom = (highest + lowest - range) / 2
        return points.map { point in
            RouteShape.Point(
                x: Double(point.day) / Double(last.day) * width,
                // Nothing but zeros has no range at all.
                y: range > 0 ? height - (point.quantity - bottom) / range * height : height / 2
            )
        }
    }
}

extension MetricKind {
    /// What the entries of a day come to, in the base unit: the last of what is, the sum of what is done, the mean of what varies.
    func ofDay(_ total: DailyTotal) -> Double {
        switch self {
        case .bodyMass, .height, .bodyFat, .unknown: total.latestSi
        case .steps, .distance, .activeEnergy, .activeDuration: total.sumSi
        case .heartRate, .mood: total.averageSi
        }
    }
}
