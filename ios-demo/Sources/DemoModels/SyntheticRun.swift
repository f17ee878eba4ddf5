import Foundation
import Steadfast

/// A run around a town that does not exist: computed, the same every time, in the middle of the Atlantic so that it is nobody's home.
///
/// A round is about 3 km over two hills; pace and heart rate follow the slope.
public struct SyntheticRun: Sendable {
    /// Degrees of the town's centre.
    private static let centre = (latitude: 38.0, longitude: -40.0)
    /// Metres from the centre to the middle of the round.
    private static let radiusM = 440.0
    /// A corner every 3 m is as fine as a fix every second.
    private static let corners = 1000
    /// Metres of a degree of latitude on a sphere of the earth's mean radius.
    private static let metresOfDegree = 111_195.0

    /// Metres east and north of the centre, and along the round.
    private let corners: [(x: Double, y: Double, along: Double)]

    /// Metres of one round.
    public var roundM: Double { corners[Self.corners].along }

    public init() {
        var corners: [(x: Double, y: Double, along: Double)] = []
        for index in 0...Self.corners {
            let angle = Double(index) / Double(Self.corners) * 2 * .pi
            let radius = Self.radiusM * (1 + 0.22 * sin(3 * angle) + 0.08 * cos(5 * angle))
            let (x, y) = (radius * cos(angle), radius * sin(angle))
            let along = corners.last.map { $0.along + hypot(x - $0.x, y - $0.y) } ?? 0
            corners.append((x, y, along))
        }
        self.corners = corners
    }

    /// The fixes of so many seconds, one a second.
    public func fixes(seconds: Int, from start: Date) -> [LocationSample] {
        (0..<seconds).map { fix(atSecond: Double($0), time: start.addingTimeInterval(Double($0))) }
    }

    /// The fix of a second of the run, as a good receiver would deliver it.
    public func fix(atSecond second: Double, time: Date) -> LocationSample {
        let along = distance(atSecond: second)
        let place = place(atDistance: along)
        let metresOfLongitude = Self.metresOfDegree * cos(Self.centre.latitude * .pi / 180)
        return LocationSample(
            time: time,
            latitudeDeg: Self.centre.latitude + place.y / Self.metresOfDegree,
            longitudeDeg: Self.centre.longitude + place.x / metresOfLongitude,
            altitudeM: altitude(atDistance: along),
            horizontalAccuracyM: 4,
            verticalAccuracyM: 3,
            speedMps: 3 + 0.3 * sin(second / 20),
            source: .satellite
        )
    }

    /// Beats per minute in a second of the run: warms up, and rises with the hill.
    public func heartRateBpm(atSecond second: Double) -> Double {
        let climb = altitude(atDistance: distance(atSecond: second + 5)) - altitude(atDistance: distance(atSecond: second))
        return (150 - 50 * exp(-second / 90) + 10 * climb).rounded()
    }

    /// Metres run after so many seconds: 3 m/s, a little slower and faster in turns.
    public func distance(atSecond second: Double) -> Double { 3 * second + 6 * (1 - cos(second / 20)) }

    /// Metres above sea level: two hills a round.
    public func altitude(atDistance metres: Double) -> Double {
        30 + 14 * (1 - cos(metres / roundM * 4 * .pi)) + 4 * sin(metres / roundM * 2 * .pi)
    }

    private func place(atDistance metres: Double) -> (x: Double, y: Double) {
        let along = metres.truncatingRemainder(dividingBy: roundM)
        // The first corner beyond; the end of the round is the last one.
        var (low, high) = (1, Self.corners)
        while low < high {
            let middle = (low + high) / 2
            if corners[middle].along > along { high = middle } else { low = middle + 1 }
        }
        let (before, after) = (corners[high - 1], corners[high])
        let share = (along - before.along) / (after.along - before.along)
        return (before.x + share * (after.x - before.x), before.y + share * (after.y - before.y))
    }
}
