package dev.steadfast.demo.detail

import androidx.compose.ui.geometry.Size
import dev.steadfast.ActivityProfile
import dev.steadfast.TrackColumns
import kotlin.math.abs
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

class DrawingsTest {
    @Test
    fun aRouteHasALineASegment() {
        val route = Route.of(track(listOf(1, 0, 0, 1, 0), listOf(0.0, 1.0, 2.0, 3.0, 4.0), List(5) { 0.0 }))
        assertEquals(listOf(3, 2), route.lines.map { it.size })
    }

    @Test
    fun rowsWithoutAPositionAreLeftOut() {
        val route = Route.of(track(listOf(1, 0, 0), listOf(0.0, Double.NaN, 2.0), listOf(0.0, Double.NaN, 2.0)))
        assertEquals(listOf(2), route.lines.map { it.size })
        assertTrue(Route.of(track(listOf(1), listOf(Double.NaN), listOf(Double.NaN))).isEmpty)
    }

    @Test
    fun aSquareOnEarthIsASquareOnTheMap() {
        // At 60° north a degree of longitude is half as long as one of latitude.
        val route = Route.of(track(listOf(1, 0, 0), listOf(59.9, 60.1, 60.1), listOf(10.0, 10.0, 10.4)))
        val (a, b, c) = route.lines.single()
        assertEquals(1f, abs(c.x - b.x) / abs(b.y - a.y), 1e-3f)
    }

    @Test
    fun aRouteAcrossTheAntimeridianStaysTogether() {
        val route = Route.of(track(listOf(1, 0), listOf(0.0, 0.0), listOf(179.999, -179.999)))
        val (a, b) = route.lines.single()
        assertEquals(0.002f, b.x - a.x, 1e-5f)
    }

    @Test
    fun aRouteFillsItsBoxAtOneScaleAndInTheMiddle() {
        val route = Route(listOf(listOf(MapPoint(0f, 0f), MapPoint(2f, 1f))))
        val (from, to) = route.fitted(Size(200f, 200f)).single()
        assertEquals(0f to 50f, from.x to from.y)
        assertEquals(200f to 150f, to.x to to.y)
    }

    @Test
    fun theHighestAndTheLowestPointAreInTheProfile() {
        val altitudes =
            List(10_000) {
                if (it == 4_321) {
                    900.0
                } else if (it == 8_765) {
                    -40.0
                } else {
                    100.0
                }
            }
        val profile = ElevationProfile.of(along(10_000), track(List(10_000) { 0 }, altitudes, altitudes, altitudes))
        assertEquals(900f to -40f, profile.highestM to profile.lowestM)
        assertTrue(profile.altitudeM.size <= 400)
        assertEquals(profile.distanceM.sorted(), profile.distanceM.toList())
    }

    @Test
    fun withoutAltitudesOrWithoutDistanceThereIsNoProfile() {
        val unknown = List(10) { Double.NaN }
        assertTrue(ElevationProfile.of(along(10), track(List(10) { 0 }, unknown, unknown, unknown)).isEmpty)
        val still = ActivityProfile(DoubleArray(10), DoubleArray(10))
        assertTrue(ElevationProfile.of(still, track(List(10) { 0 }, unknown, unknown, List(10) { 5.0 })).isEmpty)
    }

    private fun along(rows: Int) = ActivityProfile(DoubleArray(rows) { it.toDouble() }, DoubleArray(rows) { it * 3.0 })

    private fun track(
        flags: List<Int>,
        latitudes: List<Double>,
        longitudes: List<Double>,
        altitudes: List<Double> = emptyList(),
    ): TrackColumns {
        val none = DoubleArray(0)
        return TrackColumns(
            timeMs = LongArray(flags.size),
            flags = LongArray(flags.size) { flags[it].toLong() },
            latitudeDeg = latitudes.toDoubleArray(),
            longitudeDeg = longitudes.toDoubleArray(),
            altitudeM = altitudes.toDoubleArray(),
            speedMps = none,
            horizontalAccuracyM = none,
            verticalAccuracyM = none,
            courseDeg = none,
            heartRateBpm = none,
            cadenceRpm = none,
            powerW = none,
            distanceM = none,
        )
    }
}
