package dev.steadfast

import java.time.Instant

/** Rows in the track. */
public val TrackColumns.size: Int get() = timeMs.size

/** When the row was taken, UTC. */
public fun TrackColumns.timeAt(row: Int): Instant = Instant.ofEpochMilli(timeMs[row])

/** True if nothing runs from the row before to this one: no distance, no ascent, no moving time. */
public fun TrackColumns.startsSegment(row: Int): Boolean = flags[row] and SEGMENT_START != 0L

/** True if both hold the same values, `NaN` being equal to itself. `==` compares arrays by identity. */
public infix fun TrackColumns.contentEquals(other: TrackColumns): Boolean =
    timeMs.contentEquals(other.timeMs) &&
        flags.contentEquals(other.flags) &&
        doubles().zip(other.doubles()).all { (one, another) -> one.contentEquals(another) }

private const val SEGMENT_START = 1L

private fun TrackColumns.doubles() =
    listOf(
        latitudeDeg,
        longitudeDeg,
        altitudeM,
        speedMps,
        horizontalAccuracyM,
        verticalAccuracyM,
        courseDeg,
        heartRateBpm,
        cadenceRpm,
        powerW,
        distanceM,
    )
