package dev.steadfast.demo.location

import dev.steadfast.LocationSample
import java.time.Instant
import kotlin.math.PI
import kotlin.math.cos
import kotlin.math.hypot
import kotlin.math.sin

/**
 * A run of about five kilometres through a town that does not exist, in the middle of an ocean: computed, so that nobody's way is in it.
 *
 * One fix a second, the pace between 4:40 and 6:10 a kilometre as the hills have it, a stop of 20 s at a crossing.
 */
object MadeUpTown {
    /** Metres east and north of the start; the way is a smooth curve through these. */
    private val corners =
        listOf(
            0 to 0,
            140 to 20,
            310 to -10,
            480 to 60,
            560 to 220,
            540 to 410,
            640 to 560,
            820 to 600,
            930 to 730,
            900 to 910,
            760 to 1_000,
            590 to 960,
            470 to 1_060,
            300 to 1_130,
            130 to 1_080,
            60 to 930,
            120 to 780,
            50 to 640,
            -120 to 600,
            -230 to 470,
            -190 to 300,
            -250 to 140,
            -150 to 20,
        ).map { (east, north) -> Place(east * SCALE, north * SCALE) }

    private const val LATITUDE_DEG = 46.2
    private const val LONGITUDE_DEG = -31.4
    private const val METRES_PER_DEGREE = 111_200.0
    private const val STEPS = 240

    /** Makes the round five kilometres long. */
    private const val SCALE = 1.26
    private const val STOP_AT_M = 1_850.0
    private const val STOP_S = 20

    /** Once round, from [start] on. */
    fun run(start: Instant): List<LocationSample> {
        val way = way()
        val fixes = mutableListOf<LocationSample>()
        var at = 0.0
        var second = 0L
        var stopLeft = STOP_S
        while (at < way.last().along) {
            val place = way[way.indexOfFirst { it.along >= at }]
            fixes += fix(place, start.plusSeconds(second), at)
            second += 1
            if (at > STOP_AT_M && stopLeft > 0) stopLeft -= 1 else at += speedMps(at)
        }
        return fixes
    }

    /** A heart rate for each fix of [run], that follows the hills. */
    fun heartRatesBpm(fixes: List<LocationSample>): List<Double> =
        fixes.mapIndexed {
            second,
            fix,
            ->
            (118 + 26 * (1 - 1 / (1 + second / 90.0)) + (checkNotNull(fix.altitudeM) - 44) * 0.25).toInt().toDouble()
        }

    private class Place(val east: Double, val north: Double, val along: Double = 0.0)

    /** The curve as short straight steps, with the distance from the start at each. */
    private fun way(): List<Place> {
        val points = corners.indices.flatMap { corner -> (0..<STEPS).map { between(corner, it.toDouble() / STEPS) } } + corners.first()
        var along = 0.0
        return points.mapIndexed { index, place ->
            if (index > 0) along += hypot(place.east - points[index - 1].east, place.north - points[index - 1].north)
            Place(place.east, place.north, along)
        }
    }

    /** Catmull and Rom's curve between a corner and the next. */
    private fun between(corner: Int, t: Double): Place {
        val (a, b, c, d) = (-1..2).map { corners[(corner + it).mod(corners.size)] }

        fun curve(of: (Place) -> Double) =
            0.5 * (
                2 * of(b) + (of(c) - of(a)) * t + (2 * of(a) - 5 * of(b) + 4 * of(c) - of(d)) * t * t +
                    (3 * of(b) - of(a) - 3 * of(c) + of(d)) * t * t * t
            )
        return Place(curve(Place::east), curve(Place::north))
    }

    private fun altitudeM(place: Place): Double =
        48 + 18 * sin(place.east / 330.0) + 22 * cos(place.north / 410.0 + 1.2) + 3 * sin((place.east + place.north) / 90.0)

    private fun speedMps(along: Double): Double = 3.1 + 0.35 * sin(along / 420.0) + 0.15 * sin(along / 77.0 + PI / 3)

    private fun fix(place: Place, time: Instant, along: Double) =
        LocationSample(
            time = time,
            latitudeDeg = LATITUDE_DEG + place.north / METRES_PER_DEGREE,
            longitudeDeg = LONGITUDE_DEG + place.east / (METRES_PER_DEGREE * cos(Math.toRadians(LATITUDE_DEG))),
            altitudeM = altitudeM(place),
            horizontalAccuracyM = 4.0 + sin(along / 60.0),
            verticalAccuracyM = 6.0,
            speedMps = speedMps(along),
            source = dev.steadfast.LocationSource.SATELLITE,
        )
}
