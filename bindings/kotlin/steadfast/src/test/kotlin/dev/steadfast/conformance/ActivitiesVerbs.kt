package dev.steadfast.conformance

import dev.steadfast.Activities
import dev.steadfast.ActivityEdit
import dev.steadfast.ActivityKind
import dev.steadfast.ActivityQuery
import dev.steadfast.ExportOptions
import dev.steadfast.FileFormat
import dev.steadfast.PrivacyZone
import dev.steadfast.SplitUnit
import dev.steadfast.TrackQuery
import dev.steadfast.exportFile
import dev.steadfast.importFile
import dev.steadfast.takeInSpool
import java.time.Instant

/** Finished workouts: read, changed, and files in and out. */
fun Actor.activitiesCall(verb: String, arguments: Arguments): Call? =
    when (verb) {
        "list" -> query(arguments).let { { activities().list(it) } }
        "get" -> arguments.id("id").let { { activities().get(it) } }
        "delete" -> arguments.id("id").let { { activities().delete(it) } }
        "edit" -> edit(arguments)
        "activity_splits" ->
            arguments.id("id").let { id ->
                arguments.name<SplitUnit>("unit").let { unit -> { activities().splits(id, unit) } }
            }
        "activity_laps" -> arguments.id("id").let { { activities().laps(it) } }
        "track" -> arguments.id("id").let { id -> part(arguments).let { part -> { activities().track(id, part) } } }
        "points" -> arguments.id("id").let { id -> part(arguments).let { part -> { activities().points(id, part) } } }
        "profile" -> arguments.id("id").let { { activities().profile(it) } }
        "polyline" -> polyline(arguments)
        "import_file" ->
            file(arguments.text("path")).let {
                arguments.cancellable({ activities().importFile(it) }) { token -> activities().importFile(it.path, token) }
            }
        "export_file" -> export(arguments)
        "take_in_spool" ->
            file(arguments.text("path")).let {
                arguments.cancellable({ activities().takeInSpool(it) }) { token -> activities().takeInSpool(it.path, token) }
            }
        else -> null
    }

private fun Actor.activities(): Activities = openClient().activities()

private fun query(arguments: Arguments): ActivityQuery =
    arguments.objectOrEmpty("query") {
        ActivityQuery(
            kind = it.nameOrNull<ActivityKind>("kind"),
            from = it.longOrNull("from_ms")?.let(Instant::ofEpochMilli),
            until = it.longOrNull("until_ms")?.let(Instant::ofEpochMilli),
            limit = it.longOrNull("limit")?.toUInt() ?: ActivityQuery().limit,
            after = it.textOrNull("after"),
        )
    }

private fun part(arguments: Arguments): TrackQuery =
    arguments.objectOrEmpty("query") {
        TrackQuery(it.longOrNull("from_ms"), it.longOrNull("until_ms"), it.numberOrNull("tolerance_m"))
    }

private fun zones(arguments: Arguments): List<PrivacyZone> =
    arguments.listOrNull("privacy_zones") {
        PrivacyZone(it.number("latitude_deg"), it.number("longitude_deg"), it.number("radius_m"))
    } ?: emptyList()

private fun Actor.edit(arguments: Arguments): Call {
    val id = arguments.id("id")
    val edit =
        arguments.objectOrEmpty("edit") {
            ActivityEdit(it.textOrNull("title"), it.textOrNull("notes"), it.nameOrNull<ActivityKind>("kind"))
        }
    return { activities().edit(id, edit) }
}

private fun Actor.polyline(arguments: Arguments): Call {
    val id = arguments.id("id")
    val toleranceM = arguments.number("tolerance_m")
    val zones = zones(arguments)
    return { activities().polyline(id, toleranceM, zones) }
}

private fun Actor.export(arguments: Arguments): Call {
    val id = arguments.id("id")
    val format = arguments.name<FileFormat>("format")
    val file = file(arguments.text("path"))
    val options = ExportOptions(zones(arguments))
    return { activities().exportFile(id, format, file, options) }
}
