package dev.steadfast.demo

import dev.steadfast.Activity
import dev.steadfast.ActivityKind
import dev.steadfast.ActivityOrigin
import dev.steadfast.ActivityProfile
import dev.steadfast.Lap
import dev.steadfast.LiveStatistics
import dev.steadfast.LocationSample
import dev.steadfast.RecordingState
import dev.steadfast.RecoveryInfo
import dev.steadfast.RecoveryLocation
import dev.steadfast.RecoverySource
import dev.steadfast.Reported
import dev.steadfast.Split
import dev.steadfast.TrackColumns
import dev.steadfast.demo.detail.ElevationProfile
import dev.steadfast.demo.detail.Route
import dev.steadfast.demo.location.MadeUpTown
import dev.steadfast.demo.trouble.Trouble
import java.time.Instant
import java.util.UUID
import kotlin.math.cos
import kotlin.math.hypot

/** States to draw, of the shapes that the core gives. What the core computes is not tested with these. */
object Fixtures {
    val start: Instant = Instant.parse("2026-11-21T07:12:00Z")

    fun live(
        state: RecordingState = RecordingState.RECORDING,
        timerS: Double = 1_330.4,
        distanceM: Double = 4_216.0,
        kind: ActivityKind = ActivityKind.RUNNING,
        unsaved: ULong = 0uL,
    ) = LiveStatistics(
        workoutId = UUID(4, 0),
        kind = kind,
        startedAt = start,
        state = state,
        distanceM = distanceM,
        timerS = timerS,
        elapsedS = timerS + 40,
        movingS = timerS - 12,
        currentSpeedMps = 3.2.takeIf { state == RecordingState.RECORDING },
        currentPaceSPerKm = 312.0.takeIf { state == RecordingState.RECORDING },
        averagePaceSPerKm = timerS / distanceM * 1_000,
        elevationGainM = 64.0,
        elevationLossM = 41.0,
        heartRateBpm = 148.0,
        cadenceRpm = null,
        powerW = null,
        completedSplits = 4u,
        splitDistanceM = 216.0,
        splitDurationS = 67.0,
        acknowledgedSamples = 1_371uL,
        sampleCount = 1_365uL,
        rejectedSamples = 6uL,
        unsavedSamples = unsaved,
        completedLaps = 2u,
        lapDistanceM = 712.0,
        lapDurationS = 226.0,
    )

    fun activity(
        number: Int = 0,
        kind: ActivityKind = ActivityKind.RUNNING,
        title: String = "Along the river before breakfast",
        notes: String = "",
        distanceM: Double = 5_024.0,
        timerS: Double = 1_622.0,
    ) = Activity(
        id = UUID(0, number.toLong()),
        kind = kind,
        origin = ActivityOrigin.RECORDED,
        title = title,
        notes = notes,
        startedAt = start.minusSeconds(number * 187_000L),
        endedAt = start.minusSeconds(number * 187_000L).plusSeconds(timerS.toLong()),
        utcOffsetS = 3_600,
        distanceM = distanceM,
        elevationGainM = 86.0,
        elevationLossM = 85.0,
        timerS = timerS,
        elapsedS = timerS + 62,
        movingS = timerS - 20,
        sampleCount = 1_622uL,
        segmentCount = 2u,
        averageSpeedMps = distanceM / (timerS - 20),
        maxSpeedMps = 4.1,
        averageHeartRateBpm = 147.0,
        maxHeartRateBpm = 168.0,
        averageCadenceRpm = null,
        averagePowerW = null,
        device = null,
        reported = Reported(null, null, null, null, null, null),
        rejected = emptyMap(),
        repairs = emptyMap(),
        createdAt = start,
        updatedAt = start,
    )

    val activities =
        listOf(
            activity(0),
            activity(1, ActivityKind.CYCLING, "", distanceM = 42_380.0, timerS = 5_930.0),
            activity(
                2,
                ActivityKind.HIKING,
                "Up to the old signal station with everybody from the club",
                distanceM = 14_902.0,
                timerS = 16_204.0,
            ),
            activity(3, ActivityKind.RUNNING, "", distanceM = 8_011.0, timerS = 2_611.0),
            activity(4, ActivityKind.OPEN_WATER_SWIMMING, "Lake, twice across", distanceM = 1_840.0, timerS = 2_466.0),
            activity(5, ActivityKind.TREADMILL_RUNNING, "", distanceM = 6_000.0, timerS = 1_905.0),
        )

    private val run: List<LocationSample> = MadeUpTown.run(start)

    private val track =
        TrackColumns(
            timeMs = LongArray(run.size) { run[it].time.toEpochMilli() },
            flags = LongArray(run.size) { if (it == 0 || it == 660) 1 else 0 },
            latitudeDeg = DoubleArray(run.size) { run[it].latitudeDeg },
            longitudeDeg = DoubleArray(run.size) { run[it].longitudeDeg },
            altitudeM = DoubleArray(run.size) { checkNotNull(run[it].altitudeM) },
            speedMps = DoubleArray(0),
            horizontalAccuracyM = DoubleArray(0),
            verticalAccuracyM = DoubleArray(0),
            courseDeg = DoubleArray(0),
            heartRateBpm = DoubleArray(0),
            cadenceRpm = DoubleArray(0),
            powerW = DoubleArray(0),
            distanceM = DoubleArray(0),
        )

    /** With a gap of 30 s, as after a pause. */
    val route: Route = Route.of(track.without(630..<660))

    val profile: ElevationProfile = ElevationProfile.of(ActivityProfile(DoubleArray(run.size) { it.toDouble() }, distances()), track)

    val splits =
        listOf(327.0, 318.0, 334.0, 321.0, 309.0).mapIndexed { index, pace ->
            Split(UUID(1, index.toLong()), (index + 1).toUInt(), 1_000.0, pace, pace, listOf(21.0, 8.0, 34.0, 12.0, 11.0)[index], true)
        } + Split(UUID(1, 9), 6u, 24.0, 7.0, 291.0, 0.0, false)

    val laps =
        listOf(1_840.0 to 598.0, 2_000.0 to 640.0, 1_184.0 to 384.0).mapIndexed { index, (metres, seconds) ->
            Lap(UUID(2, index.toLong()), (index + 1).toUInt(), start, metres, seconds, seconds / metres * 1_000, 28.0, index == 2)
        }

    fun recovery(number: Int = 0, problem: String? = null, canResume: Boolean = true, lost: ULong = 0uL) =
        RecoveryInfo(
            id = UUID(3, number.toLong()),
            kind = if (number == 0) ActivityKind.RUNNING else ActivityKind.HIKING,
            startedAt = start.minusSeconds(number * 700_000L),
            distanceM = 3_418.0,
            durationS = 1_132.0,
            sampleCount = 1_132uL,
            splitCount = 4u,
            state = RecordingState.RECORDING,
            isFresh = number == 0,
            canResume = canResume,
            badRecords = lost,
            missingRecords = 0uL,
            tornTail = false,
            source = RecoverySource.PRIMARY,
            location = RecoveryLocation.RECOVERY,
            problem = problem,
        )

    val storageFull =
        Trouble(
            summary = "The workout could not be saved",
            reason = "Writing to the database failed several times.",
            suggestion = "Nothing is lost: the recording is kept in its recovery folder. Try again.",
            isRetryable = true,
            isCritical = false,
            code = "save_failed",
        )

    val corrupted =
        Trouble(
            summary = "The unfinished workout cannot be read",
            reason = "Neither its snapshot nor its journal could be read.",
            suggestion = "The files were left as they are. Export them for support.",
            isRetryable = false,
            isCritical = true,
            code = "recovery_corrupted",
        )

    private fun distances(): DoubleArray {
        var along = 0.0
        return DoubleArray(run.size) {
            if (it > 0) {
                val north = (run[it].latitudeDeg - run[it - 1].latitudeDeg) * 111_200
                val east = (run[it].longitudeDeg - run[it - 1].longitudeDeg) * 111_200 * cos(Math.toRadians(run[it].latitudeDeg))
                along += hypot(north, east)
            }
            along
        }
    }

    private fun TrackColumns.without(rows: IntRange): TrackColumns {
        val kept = timeMs.indices.filter { it !in rows }
        return copy(
            flags = LongArray(kept.size) { flags[kept[it]] },
            latitudeDeg = DoubleArray(kept.size) { latitudeDeg[kept[it]] },
            longitudeDeg = DoubleArray(kept.size) { longitudeDeg[kept[it]] },
        )
    }
}
