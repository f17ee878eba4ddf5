import Foundation
import Steadfast

/// A route as lines in a flat picture, ready to be scaled into any frame.
public struct RouteShape: Equatable, Sendable {
    /// A place in the picture, in metres from its top left corner.
    public struct Point: Equatable, Sendable {
        public let x: Double
        public let y: Double
    }

    /// One line for every stretch without a gap.
    public let lines: [[Point]]
    /// Metres from the left edge to the right.
    public let widthM: Double
    /// Metres from the top edge to the bottom.
    public let heightM: Double

    /// True if there is nothing to draw: an indoor workout, or one without positions.
    public var isEmpty: Bool { lines.isEmpty }

    /// Projects a track onto a plane that touches the earth in its middle; over the size of a workout that is a map's shape.
    public init(_ track: TrackColumns) {
        let positions = Self.positions(track)
        let all = positions.joined()
        guard let south = all.map(\.y).min(), let north = all.map(\.y).max(), let west = all.map(\.x).min(), let east = all.map(\.x).max()
        else {
            (lines, widthM, heightM) = ([], 0, 0)
            return
        }
        // Metres of a degree of latitude on a sphere of the earth's mean radius; only the shape matters here.
        let metresOfDegree = 111_195.0
        let metresOfLongitude = metresOfDegree * cos((south + north) / 2 * .pi / 180)
        lines = positions.map { line in
            line.map { Point(x: ($0.x - west) * metresOfLongitude, y: (north - $0.y) * metresOfDegree) }
        }
        widthM = (east - west) * metresOfLongitude
        heightM = (north - south) * metresOfDegree
    }

    /// The lines scaled to fit into a frame, in its middle, with room at the edges. All in the frame's own unit.
    public func fitted(width: Double, height: Double, inset: Double) -> [[Point]] {
        let (roomX, roomY) = (max(width - 2 * inset, 0), max(height - 2 * inset, 0))
        let scales = [widthM > 0 ? roomX / widthM : .infinity, heightM > 0 ? roomY / heightM : .infinity]
        // A route without extent is one point in the middle.
        let scale = scales.min().flatMap { $0.isFinite ? $0 : nil } ?? 0
        let (left, top) = ((width - widthM * scale) / 2, (height - heightM * scale) / 2)
        return lines.map { line in line.map { Point(x: left + $0.x * scale, y: top + $0.y * scale) } }
    }

    /// Degrees, x east and y north, a list for every segment. Longitudes go on past 180° rather than jump to the other side.
    private static func positions(_ track: TrackColumns) -> [[Point]] {
        var segments: [[Point]] = []
        var open: [Point] = []
        var before: Double?
        for row in track.timeMs.indices {
            if track.flags[row] & 1 != 0, !open.isEmpty {
                segments.append(open)
                open = []
            }
            let (latitude, longitude) = (track.latitudeDeg[row], track.longitudeDeg[row])
            guard latitude.isFinite, longitude.isFinite else { continue }
            let turns = before.map { (($0 - longitude) / 360).rounded() } ?? 0
            let unwrapped = longitude + turns * 360
            open.append(Point(x: unwrapped, y: latitude))
            before = unwrapped
        }
        return open.isEmpty ? segments : segments + [open]
    }
}
