import Foundation
import Steadfast
import Testing

@testable import DemoModels

private func track(
    _ positions: [(latitude: Double, longitude: Double)],
    starts: Set<Int> = [0],
    altitudes: [Double]? = nil
) -> TrackColumns {
    let unknown = positions.map { _ in Double.nan }
    return TrackColumns(
        timeMs: positions.indices.map { Int64($0) * 1000 },
        flags: positions.indices.map { starts.contains($0) ? 1 : 0 },
        latitudeDeg: positions.map(\.latitude),
        longitudeDeg: positions.map(\.longitude),
        altitudeM: altitudes ?? unknown,
        speedMps: unknown,
        horizontalAccuracyM: unknown,
        verticalAccuracyM: unknown,
        courseDeg: unknown,
        heartRateBpm: unknown,
        cadenceRpm: unknown,
        powerW: unknown,
        distanceM: unknown
    )
}

@Suite struct RouteShapeTests {
    @Test func northIsUpAndEastIsRight() {
        let shape = RouteShape(track([(60, 10), (60.01, 10.02)]))
        let line = shape.lines[0]
        #expect(line[0].x == 0 && line[1].y == 0)
        #expect(line[0].y > 0 && line[1].x > 0)
        // At 60° a degree of longitude is half as long as one of latitude.
        #expect(abs(shape.widthM - shape.heightM) < 1)
        #expect(abs(shape.heightM - 1111.95) < 0.1)
    }

    @Test func aGapIsNotDrawn() {
        let shape = RouteShape(track([(1, 1), (1.001, 1), (1.01, 1), (1.011, 1)], starts: [0, 2]))
        #expect(shape.lines.map(\.count) == [2, 2])
    }

    @Test func rowsWithoutAPositionAreLeftOut() {
        #expect(RouteShape(track([(1, 1), (.nan, .nan), (1.001, 1)])).lines.map(\.count) == [2])
        #expect(RouteShape(track([(.nan, .nan)])).isEmpty)
        #expect(RouteShape(track([])).isEmpty)
    }

    @Test func theDateLineIsNoJourneyAroundTheWorld() {
        let shape = RouteShape(track([(0, 179.99), (0, -179.99), (0, 179.99)]))
        #expect(abs(shape.widthM - 0.02 * 111_195) < 1)
    }

    @Test func itFitsIntoTheFrameInItsMiddle() throws {
        let shape = RouteShape(track([(0, 0), (0, 0.02), (0.01, 0.02)]))
        let points = shape.fitted(width: 300, height: 300, inset: 10).flatMap { $0 }
        #expect(points.allSatisfy { (9.99...290.01).contains($0.x) && (9.99...290.01).contains($0.y) })
        #expect(abs(try #require(points.map(\.x).max()) - 290) < 0.01)
        // Half as high as wide: 70 is free above and below.
        #expect(abs(try #require(points.map(\.y).min()) - 80) < 0.1)
    }

    @Test func standingStillIsAPointInTheMiddle() {
        let points = RouteShape(track([(5, 5), (5, 5)])).fitted(width: 100, height: 60, inset: 5)
        #expect(points == [[.init(x: 50, y: 30), .init(x: 50, y: 30)]])
    }
}

@Suite struct ElevationShapeTests {
    private func shape(_ altitudes: [Double], distances: [Double], pieces: Int = 240) -> ElevationShape {
        let positions = altitudes.map { _ in (latitude: 0.0, longitude: 0.0) }
        let profile = ActivityProfile(timerS: altitudes.map { _ in 0 }, distanceM: distances)
        return ElevationShape(track: track(positions, altitudes: altitudes), profile: profile, pieces: pieces)
    }

    @Test func aPieceIsTheMeanOfItsFixes() {
        let shape = shape([10, 20, 30, 40], distances: [0, 10, 60, 100], pieces: 2)
        #expect(shape.points == [.init(distanceM: 5, altitudeM: 15), .init(distanceM: 80, altitudeM: 35)])
        #expect(shape.lowestM == 15 && shape.highestM == 35)
    }

    @Test func aFixWithoutAnAltitudeIsLeftOut() {
        let shape = shape([10, .nan, 30], distances: [0, 50, 100])
        #expect(shape.points.map(\.altitudeM) == [10, 30])
    }

    @Test func nothingToDrawIsSaid() {
        #expect(shape([], distances: []).isEmpty)
        #expect(shape([.nan, .nan], distances: [0, 1]).isEmpty)
        #expect(shape([5, 5], distances: [0, 0]).isEmpty)
    }

    @Test func lowIsDownAndTheWayFillsTheWidth() {
        let curve = shape([0, 100], distances: [0, 500]).fitted(width: 200, height: 50)
        #expect(curve == [.init(x: 0, y: 50), .init(x: 200, y: 0)])
    }

    @Test func theNoiseOfAFlatWayIsNoMountain() {
        let curve = shape([100, 102], distances: [0, 500]).fitted(width: 200, height: 40)
        #expect(curve.map(\.y) == [22, 18])
    }
}
