package dev.steadfast.demo.detail

import dev.steadfast.ActivityProfile
import dev.steadfast.TrackColumns

/**
 * Altitude over distance, for a chart.
 *
 * @property distanceM metres since the start, rising
 * @property altitudeM metres above the sea at these distances
 */
class ElevationProfile(val distanceM: FloatArray, val altitudeM: FloatArray) {
    val isEmpty: Boolean get() = altitudeM.size < 2 || lengthM <= 0f
    val lengthM: Float get() = distanceM.lastOrNull() ?: 0f
    val lowestM: Float get() = altitudeM.min()
    val highestM: Float get() = altitudeM.max()

    companion object {
        /** Two points for each of the 200 columns in which [of] divides the way: more than a phone's chart can show apart. */
        private const val COLUMNS = 200

        /**
         * At most the lowest and the highest point of each of 200 stretches of equal length, so that no summit is lost.
         * Rows without altitude are left out.
         */
        fun of(profile: ActivityProfile, track: TrackColumns): ElevationProfile {
            val rows = track.altitudeM.indices.filter { track.altitudeM[it].isFinite() }
            val length = rows.lastOrNull()?.let { profile.distanceM[it] } ?: 0.0
            if (rows.size < 2 || length <= 0.0) return ElevationProfile(FloatArray(0), FloatArray(0))
            val kept =
                rows
                    .groupBy { (profile.distanceM[it] / length * COLUMNS).toInt().coerceAtMost(COLUMNS - 1) }
                    .values
                    .flatMap { column -> setOf(column.minBy { track.altitudeM[it] }, column.maxBy { track.altitudeM[it] }).sorted() }
            return ElevationProfile(
                FloatArray(kept.size) { profile.distanceM[kept[it]].toFloat() },
                FloatArray(kept.size) { track.altitudeM[kept[it]].toFloat() },
            )
        }
    }
}
