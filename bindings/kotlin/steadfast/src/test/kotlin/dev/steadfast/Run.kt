package dev.steadfast

import java.time.Duration
import java.time.Instant
import kotlin.time.Duration.Companion.seconds

/** A run north at 3 m/s. */
object Run {
    val start: Instant = Instant.parse("2026-05-01T06:00:00Z")

    private const val DEGREES_PER_M = 1 / 111_200.0

    fun fix(time: Instant): LocationSample =
        LocationSample(
            time = time,
            latitudeDeg = 47 + 3.0 * Duration.between(start, time).seconds * DEGREES_PER_M,
            longitudeDeg = 8.0,
            altitudeM = 500.0,
            horizontalAccuracyM = 5.0,
        )
}

/** Runs on for so many seconds, a fix in each, and hands them over together. */
fun Recorder.run(clock: ManualClock, seconds: Int): LiveStatistics =
    addSamples(
        List(seconds) {
            clock.advance(1.seconds)
            Run.fix(clock.time())
        },
    )

/** Starts to run. */
fun Recorder.startRun(clock: ManualClock, seconds: Int = 60): Id = start(StartOptions(ActivityKind.RUNNING)).also { run(clock, seconds) }
