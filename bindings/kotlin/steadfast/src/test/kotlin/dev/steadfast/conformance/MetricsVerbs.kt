package dev.steadfast.conformance

import dev.steadfast.HealthRecord
import dev.steadfast.MetricKind
import dev.steadfast.Metrics
import dev.steadfast.NewProgressEntry
import dev.steadfast.ProgressEntryEdit
import dev.steadfast.ProgressEntryField
import dev.steadfast.ProgressEntryQuery
import dev.steadfast.importHealth
import dev.steadfast.migrate
import java.time.Instant

/** Body mass and other metrics, entered or taken in. */
fun Actor.metricsCall(verb: String, arguments: Arguments): Call? =
    when (verb) {
        "record_metric" -> arguments.objectOf("entry") { entry(it) }.let { { metrics().record(it) } }
        "edit_metric" -> arguments.id("id").let { id -> arguments.objectOf("edit", ::edit).let { { metrics().edit(id, it) } } }
        "delete_metric" -> arguments.id("id").let { { metrics().delete(it) } }
        "get_metric" -> arguments.id("id").let { { metrics().get(it) } }
        "list_metrics" -> query(arguments).let { { metrics().list(it) } }
        "latest_metric" -> arguments.name<MetricKind>("kind").let { { metrics().latest(it) } }
        "daily_metric" -> daily(arguments)
        "import_health" ->
            arguments.list("records") { record(it) }.let {
                arguments.cancellable({ metrics().importHealth(it) }) { token -> metrics().importHealth(it, token) }
            }
        "migrate_metrics" ->
            arguments.list("entries") { entry(it) }.let {
                arguments.cancellable({ metrics().migrate(it) }) { token -> metrics().migrate(it, token) }
            }
        else -> null
    }

private fun Actor.metrics(): Metrics = openClient().metrics()

private fun Actor.now(): Instant = Instant.ofEpochMilli(nowMs())

private fun Actor.entry(arguments: Arguments): NewProgressEntry =
    NewProgressEntry(
        kind = arguments.name("kind"),
        quantity = arguments.number("quantity"),
        unit = arguments.name("unit"),
        recordedAt = arguments.instantOrNull("recorded_at_ms") ?: now(),
        utcOffsetS = arguments.intOrNull("utc_offset_s"),
        date = arguments.dateOrNull("date"),
        notes = arguments.textOrNull("notes"),
        source = arguments.textOrNull("source"),
        externalId = arguments.textOrNull("external_id"),
        backendId = arguments.textOrNull("backend_id"),
    )

private fun edit(arguments: Arguments): ProgressEntryEdit =
    ProgressEntryEdit(
        quantity = arguments.numberOrNull("quantity"),
        unit = arguments.nameOrNull("unit"),
        recordedAt = arguments.instantOrNull("recorded_at_ms"),
        utcOffsetS = arguments.intOrNull("utc_offset_s"),
        date = arguments.dateOrNull("date"),
        notes = arguments.textOrNull("notes"),
        backendId = arguments.textOrNull("backend_id"),
        clear = arguments.names<ProgressEntryField>("clear"),
    )

private fun query(arguments: Arguments): ProgressEntryQuery =
    arguments.objectOrEmpty("query") {
        ProgressEntryQuery(
            kind = it.nameOrNull("kind"),
            from = it.instantOrNull("from_ms"),
            until = it.instantOrNull("until_ms"),
            limit = it.uintOrNull("limit") ?: ProgressEntryQuery().limit,
            after = it.textOrNull("after"),
        )
    }

private fun Actor.daily(arguments: Arguments): Call {
    val kind = arguments.name<MetricKind>("kind")
    val from = arguments.date("from_date")
    val to = arguments.date("to_date")
    return { metrics().daily(kind, from, to) }
}

private fun Actor.record(arguments: Arguments): HealthRecord {
    val startedAt = arguments.instantOrNull("started_at_ms") ?: now()
    return HealthRecord(
        source = arguments.name("source"),
        externalId = arguments.text("external_id"),
        kind = arguments.name("kind"),
        quantity = arguments.number("quantity"),
        unit = arguments.name("unit"),
        startedAt = startedAt,
        endedAt = arguments.instantOrNull("ended_at_ms") ?: startedAt,
        utcOffsetS = arguments.intOrNull("utc_offset_s"),
        deleted = arguments.truth("deleted"),
    )
}
