package dev.steadfast.conformance

import dev.steadfast.HabitField
import dev.steadfast.HabitLogEdit
import dev.steadfast.HabitLogQuery
import dev.steadfast.Habits
import dev.steadfast.NewHabitLog
import dev.steadfast.migrate
import java.time.Instant

/** The habit logs. */
fun Actor.habitsCall(verb: String, arguments: Arguments): Call? =
    when (verb) {
        "record_habit" -> arguments.objectOf("log") { log(it) }.let { { habits().record(it) } }
        "edit_habit" -> arguments.id("id").let { id -> arguments.objectOf("edit", ::edit).let { { habits().edit(id, it) } } }
        "delete_habit" -> arguments.id("id").let { { habits().delete(it) } }
        "get_habit" -> arguments.id("id").let { { habits().get(it) } }
        "list_habits" -> query(arguments).let { { habits().list(it) } }
        "daily_habit" -> daily(arguments)
        "migrate_habits" ->
            arguments.list("logs") { log(it) }.let {
                arguments.cancellable({ habits().migrate(it) }) { token -> habits().migrate(it, token) }
            }
        else -> null
    }

private fun Actor.habits(): Habits = openClient().habits()

private fun Actor.log(arguments: Arguments): NewHabitLog =
    NewHabitLog(
        kind = arguments.text("kind"),
        startedAt = arguments.instantOrNull("started_at_ms") ?: Instant.ofEpochMilli(nowMs()),
        utcOffsetS = arguments.intOrNull("utc_offset_s"),
        date = arguments.dateOrNull("date"),
        durationMs = arguments.longOrNull("duration_ms")?.toULong(),
        method = arguments.textOrNull("method"),
        notes = arguments.textOrNull("notes"),
        mood = arguments.textOrNull("mood"),
        potency = arguments.longOrNull("potency"),
        source = arguments.textOrNull("source"),
        externalId = arguments.textOrNull("external_id"),
    )

private fun edit(arguments: Arguments): HabitLogEdit =
    HabitLogEdit(
        kind = arguments.textOrNull("kind"),
        startedAt = arguments.instantOrNull("started_at_ms"),
        utcOffsetS = arguments.intOrNull("utc_offset_s"),
        date = arguments.dateOrNull("date"),
        durationMs = arguments.longOrNull("duration_ms")?.toULong(),
        method = arguments.textOrNull("method"),
        notes = arguments.textOrNull("notes"),
        mood = arguments.textOrNull("mood"),
        potency = arguments.longOrNull("potency"),
        clear = arguments.names<HabitField>("clear"),
    )

private fun query(arguments: Arguments): HabitLogQuery =
    arguments.objectOrEmpty("query") {
        HabitLogQuery(
            kind = it.textOrNull("kind"),
            from = it.instantOrNull("from_ms"),
            until = it.instantOrNull("until_ms"),
            limit = it.uintOrNull("limit") ?: HabitLogQuery().limit,
            after = it.textOrNull("after"),
        )
    }

private fun Actor.daily(arguments: Arguments): Call {
    val kind = arguments.text("kind")
    val from = arguments.date("from_date")
    val to = arguments.date("to_date")
    return { habits().daily(kind, from, to) }
}
