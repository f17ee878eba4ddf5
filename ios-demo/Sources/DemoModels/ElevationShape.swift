import Steadfast

/// The altitude along the way, thinned to what a screen can show.
public struct ElevationShape: Equatable, Sendable {
    /// Altitude at a distance.
    public struct Point: Equatable, Sendable {
        /// Metres since the start.
        public let distanceM: Double
        /// Metres above sea level.
        public let altitudeM: Double
    }

    /// In order of distance.
    public let points: [Point]
    /// Metres above sea level; zero if there is nothing to draw.
    public let lowestM: Double
    /// Metres above sea level; zero if there is nothing to draw.
    public let highestM: Double

    /// True if there is nothing to draw: fewer than two places with an altitude.
    public var isEmpty: Bool { points.count < 2 }

    /// Metres from the first point to the last.
    public var lengthM: Double { (points.last?.distanceM ?? 0) - (points.first?.distanceM ?? 0) }

    /// Joins the track's altitudes with the profile's distances and takes the mean of every piece of the way. 240 pieces: a phone is
    /// about 400 points wide, and a piece then has a fix or more in any workout of over four minutes.
    public init(track: TrackColumns, profile: ActivityProfile, pieces: Int = 240) {
        let total = profile.distanceM.last { $0.isFinite } ?? 0
        var sums = [Int: (distance: Double, altitude: Double, count: Double)]()
        for (distance, altitude) in zip(profile.distanceM, track.altitudeM) where distance.isFinite && altitude.isFinite {
            let piece = total > 0 ? min(Int(distance / total * Double(pieces)), pieces - 1) : 0
            let sum = sums[piece] ?? (0, 0, 0)
            sums[piece] = (sum.distance + distance, sum.altitude + altitude, sum.count + 1)
        }
        points = sums.sorted { $0.key < $1.key }.map { _, sum in
            Point(distanceM: sum.distance / sum.count, altitudeM: sum.altitude / sum.count)
        }
        lowestM = points.map(\.altitudeM).min() ?? 0
        highestM = points.map(\.altitudeM).max() ?? 0
    }

    /// The curve scaled into a frame, low at the bottom. A flat way is drawn in the middle, and no less than `leastRangeM` fills the
    /// height, so that the noise of a receiver does not look like a mountain.
    public func fitted(width: Double, height: Double, leastRangeM: Double = 20) -> [RouteShape.Point] {
        guard !isEmpty, let first = points.first else { return [] }
        let range = max(highestM - lowestM, leastRangeM)
        let bottom = (highestM + lowestM - range) / 2
        return points.map { point in
            RouteShape.Point(
                x: lengthM > 0 ? (point.distanceM - first.distanceM) / lengthM * width : 0,
                y: height - (point.altitudeM - bottom) / range * height
            )
        }
    }
}
