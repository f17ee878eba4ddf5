package dev.steadfast.conformance

import dev.steadfast.LocationSample
import java.time.Instant
import kotlin.math.roundToLong

private const val DEGREES_A_METRE = 1 / 111_320.0

/** A straight run to the north, in batches. */
fun line(arguments: Arguments, nowMs: Long): List<List<LocationSample>> {
    val everyMs = arguments.long("every_ms")
    val northM = arguments.number("north_m")
    val altitudeStepM = arguments.numberOrNull("altitude_step_m") ?: 0.0
    val first =
        LocationSample(
            time = Instant.ofEpochMilli(nowMs),
            latitudeDeg = arguments.number("latitude_deg"),
            longitudeDeg = arguments.number("longitude_deg"),
            altitudeM = arguments.numberOrNull("altitude_m"),
            horizontalAccuracyM = arguments.numberOrNull("horizontal_accuracy_m") ?: 5.0,
            verticalAccuracyM = arguments.numberOrNull("vertical_accuracy_m"),
            speedMps = arguments.numberOrNull("speed_mps"),
            courseDeg = arguments.numberOrNull("course_deg"),
            source = arguments.nameOrNull("source"),
        )
    val samples =
        List(arguments.long("count").toInt()) { nth ->
            first.copy(
                time = Instant.ofEpochMilli(nowMs + (nth + 1) * everyMs),
                latitudeDeg = first.latitudeDeg + nth * northM * DEGREES_A_METRE,
                altitudeM = first.altitudeM?.let { it + nth * altitudeStepM },
            )
        }
    return samples.chunked(arguments.longOrNull("batch")?.toInt() ?: samples.size.coerceAtLeast(1))
}

/** The instant `at_s` seconds after now. */
fun after(nowMs: Long, arguments: Arguments): Instant = Instant.ofEpochMilli(nowMs + (arguments.number("at_s") * 1_000).roundToLong())
