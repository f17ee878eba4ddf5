package dev.steadfast.conformance

import dev.steadfast.ActivityKind
import dev.steadfast.ExportOptions
import dev.steadfast.FileFormat
import dev.steadfast.LocationSample
import dev.steadfast.Recorder
import dev.steadfast.SaveOptions
import dev.steadfast.SensorReading
import dev.steadfast.SplitUnit
import dev.steadfast.StartOptions
import dev.steadfast.exportRecovered
import dev.steadfast.save
import dev.steadfast.saveRecovered

/** The workout in progress, and those that were interrupted. */
fun Actor.recorderCall(verb: String, arguments: Arguments): Call? =
    when (verb) {
        "start" -> startOptions(arguments).let { { recorder().start(it) } }
        "samples" -> samples(arguments)
        "readings" -> readings(arguments)
        "pause" -> ({ recorder().pause() })
        "resume" -> ({ recorder().resume() })
        "stop" -> ({ recorder().stop() })
        "lap" -> ({ recorder().lap() })
        "laps" -> ({ recorder().laps() })
        "splits" -> ({ recorder().splits() })
        "discard" -> ({ recorder().discard() })
        "live" -> ({ recorder().live() })
        "active_id" -> ({ recorder().activeId() })
        "save" ->
            saveOptions(arguments).let { options ->
                arguments.cancellable({ recorder().save(options) }) { recorder().save(options, it) }
            }
        "recovery" -> ({ recorder().recovery() })
        "backups" -> ({ recorder().backups() })
        "resume_recovered" -> arguments.id("id").let { { recorder().resumeRecovered(it) } }
        "save_recovered" -> saveRecovered(arguments)
        "discard_recovered" -> arguments.id("id").let { { recorder().discardRecovered(it) } }
        "restore_backup" -> arguments.id("id").let { { recorder().restoreBackup(it) } }
        "resume_fresh" -> ({ recorder().resumeFresh() })
        "export_recovered" -> exportRecovered(arguments)
        else -> null
    }

private fun Actor.recorder(): Recorder = openClient().recorder()

private fun startOptions(arguments: Arguments): StartOptions =
    arguments.objectOrEmpty("options") {
        val plain = StartOptions(it.name<ActivityKind>("kind"))
        plain.copy(
            utcOffsetS = it.intOrNull("utc_offset_s"),
            autoPause = it.truth("auto_pause", plain.autoPause),
            maxHorizontalAccuracyM = it.numberOrNull("max_horizontal_accuracy_m") ?: plain.maxHorizontalAccuracyM,
            splitUnit = it.nameOrNull<SplitUnit>("split_unit"),
        )
    }

private fun saveOptions(arguments: Arguments): SaveOptions =
    arguments.objectOrEmpty("options") {
        val plain = SaveOptions()
        SaveOptions(
            it.textOrNull("title") ?: plain.title,
            it.textOrNull("notes") ?: plain.notes,
            it.longOrNull("sample_limit")?.toULong() ?: plain.sampleLimit,
        )
    }

private fun Actor.saveRecovered(arguments: Arguments): Call {
    val id = arguments.id("id")
    val options = saveOptions(arguments)
    return arguments.cancellable({ recorder().saveRecovered(id, options) }) { recorder().saveRecovered(id, options, it) }
}

private fun Actor.exportRecovered(arguments: Arguments): Call {
    val id = arguments.id("id")
    val format = arguments.name<FileFormat>("format")
    val file = file(arguments.text("path"))
    return { recorder().exportRecovered(id, format, file, ExportOptions()) }
}

private fun Actor.samples(arguments: Arguments): Call {
    val nowMs = nowMs()
    val single = arguments.listOrNull("samples") { fix(it, nowMs) }
    val line = arguments.objectOrNull("line") { line(it, nowMs) }
    val batches = listOfNotNull(single?.let(::listOf), line).singleOrNull() ?: throw ScenarioFailure("either samples or a line")
    return {
        var live: Any? = null
        for (batch in batches) {
            batch.lastOrNull()?.let { moveTo(it.time.toEpochMilli()) }
            live = recorder().addSamples(batch)
        }
        live
    }
}

private fun Actor.readings(arguments: Arguments): Call {
    val nowMs = nowMs()
    val readings = arguments.listOrNull("readings") { reading(it, nowMs) } ?: throw ScenarioFailure("readings is missing")
    return {
        readings.lastOrNull()?.let { moveTo(it.time.toEpochMilli()) }
        recorder().addReadings(readings)
    }
}

private fun fix(arguments: Arguments, nowMs: Long): LocationSample =
    LocationSample(
        time = after(nowMs, arguments),
        latitudeDeg = arguments.number("latitude_deg"),
        longitudeDeg = arguments.number("longitude_deg"),
        elapsedMs = arguments.longOrNull("elapsed_ms"),
        altitudeM = arguments.numberOrNull("altitude_m"),
        horizontalAccuracyM = arguments.numberOrNull("horizontal_accuracy_m"),
        verticalAccuracyM = arguments.numberOrNull("vertical_accuracy_m"),
        speedMps = arguments.numberOrNull("speed_mps"),
        courseDeg = arguments.numberOrNull("course_deg"),
        source = arguments.nameOrNull("source"),
    )

private fun reading(arguments: Arguments, nowMs: Long): SensorReading =
    SensorReading(
        time = after(nowMs, arguments),
        elapsedMs = arguments.longOrNull("elapsed_ms"),
        heartRateBpm = arguments.numberOrNull("heart_rate_bpm"),
        cadenceRpm = arguments.numberOrNull("cadence_rpm"),
        powerW = arguments.numberOrNull("power_w"),
        distanceM = arguments.numberOrNull("distance_m"),
        altitudeM = arguments.numberOrNull("altitude_m"),
        speedMps = arguments.numberOrNull("speed_mps"),
    )
