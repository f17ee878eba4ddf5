package dev.steadfast.conformance

import dev.steadfast.Completion
import dev.steadfast.Intensity
import dev.steadfast.ProgramDay
import dev.steadfast.ProgramSessionImport
import dev.steadfast.Programs
import dev.steadfast.ScheduledDay
import dev.steadfast.migrate
import dev.steadfast.migrateFile
import java.time.Instant

/** The training days of programs, and the file of an earlier store. */
fun Actor.programsCall(verb: String, arguments: Arguments): Call? =
    when (verb) {
        "complete" -> complete(arguments)
        "uncomplete" -> day(arguments).let { { programs().uncomplete(it) } }
        "rate" -> day(arguments).let { day -> arguments.name<Intensity>("intensity").let { { programs().rate(day, it) } } }
        "schedule" ->
            arguments.list("days") { ScheduledDay(day(it), it.dateOrNull("date")) }.let { { programs().schedule(it) } }
        "session" -> day(arguments).let { { programs().session(it) } }
        "progress" -> arguments.text("program_id").let { { programs().progress(it) } }
        "week" ->
            arguments.text("program_id").let { program ->
                arguments.long("week").toUInt().let { week -> { programs().week(program, week) } }
            }
        "remove_session" -> day(arguments).let { { programs().remove(it) } }
        "migrate_programs" ->
            arguments.list("sessions", ::earlierSession).let {
                arguments.cancellable({ programs().migrate(it) }) { token -> programs().migrate(it, token) }
            }
        "migrate_file" ->
            file(arguments.text("path")).let {
                arguments.cancellable({ openClient().migration().migrateFile(it) }) { token ->
                    openClient().migration().migrateFile(it.path, token)
                }
            }
        else -> null
    }

private fun Actor.programs(): Programs = openClient().programs()

private fun day(arguments: Arguments): ProgramDay =
    arguments.objectOf("program_day") { ProgramDay(it.text("program_id"), it.long("week").toUInt(), it.long("day").toUInt()) }

private fun Actor.complete(arguments: Arguments): Call {
    val day = day(arguments)
    val completion =
        arguments.objectOrEmpty("completion") {
            Completion(
                completedAt = it.instantOrNull("completed_at_ms") ?: Instant.ofEpochMilli(nowMs()),
                utcOffsetS = it.intOrNull("utc_offset_s"),
                intensity = it.nameOrNull<Intensity>("intensity"),
                scheduledDate = it.dateOrNull("scheduled_date"),
            )
        }
    return { programs().complete(day, completion) }
}

private fun earlierSession(arguments: Arguments): ProgramSessionImport =
    ProgramSessionImport(
        programDay = day(arguments),
        completedAt = arguments.instantOrNull("completed_at_ms"),
        completedUtcOffsetS = arguments.intOrNull("completed_utc_offset_s"),
        intensity = arguments.nameOrNull<Intensity>("intensity"),
        scheduledDate = arguments.dateOrNull("scheduled_date"),
    )
