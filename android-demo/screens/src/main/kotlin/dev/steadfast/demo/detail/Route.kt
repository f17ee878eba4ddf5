package dev.steadfast.demo.detail

import dev.steadfast.TrackColumns
import kotlin.math.cos

/** A place on a flat map: east and south, in degrees of latitude. */
data class MapPoint(val x: Float, val y: Float)

/**
 * The way as lines on a flat map, one a segment.
 *
 * East is shrunk by the cosine of the middle latitude, which keeps a route of 50 km in shape within 1 % up to 60° of latitude.
 */
data class Route(val lines: List<List<MapPoint>>) {
    val isEmpty: Boolean get() = lines.isEmpty()

    companion object {
        private const val STARTS_SEGMENT = 1L

        /** Rows without a position are left out, as are segments of a single one. */
        fun of(track: TrackColumns): Route {
            val rows = track.latitudeDeg.indices.filter { track.latitudeDeg[it].isFinite() && track.longitudeDeg[it].isFinite() }
            if (rows.isEmpty()) return Route(emptyList())
            val middle = (rows.minOf { track.latitudeDeg[it] } + rows.maxOf { track.latitudeDeg[it] }) / 2
            val shrink = cos(Math.toRadians(middle))
            val origin = track.longitudeDeg[rows.first()]
            val lines = mutableListOf<MutableList<MapPoint>>()
            rows.forEach { row ->
                if (lines.isEmpty() || track.flags[row] and STARTS_SEGMENT != 0L) lines += mutableListOf<MapPoint>()
                val east = (track.longitudeDeg[row] - origin + HALF_TURN).mod(2 * HALF_TURN) - HALF_TURN
                lines.last() += MapPoint((east * shrink).toFloat(), (middle - track.latitudeDeg[row]).toFloat())
            }
            return Route(lines.filter { it.size > 1 })
        }

        /** Takes the difference of two longitudes across the antimeridian the short way round. */
        private const val HALF_TURN = 180.0
    }
}
