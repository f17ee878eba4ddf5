package dev.steadfast.conformance

import dev.steadfast.Id
import dev.steadfast.Outbox
import dev.steadfast.OutboxQuery
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long

/** What the server has yet to hear. */
fun Actor.outboxCall(verb: String, arguments: Arguments): Call? =
    when (verb) {
        "outbox_statistics" -> ({ outbox().statistics() })
        "outbox_events" -> query(arguments).let { { outbox().events(it).events } }
        "outbox_stale" -> ({ outbox().stale() })
        "outbox_retry" -> opIds(arguments).let { { outbox().retry(it) } }
        "outbox_discard" -> opIds(arguments).let { { outbox().discard(it) } }
        else -> null
    }

private fun Actor.outbox(): Outbox = openClient().outbox()

private fun query(arguments: Arguments): OutboxQuery =
    arguments.objectOrEmpty("query") {
        OutboxQuery(
            status = it.nameOrNull("status"),
            limit = it.uintOrNull("limit") ?: OutboxQuery().limit,
            after = it.anyOrNull("after")?.let { page -> events(page).lastOrNull()?.getValue("seq")?.jsonPrimitive?.long?.toULong() },
        )
    }

private fun opIds(arguments: Arguments): List<Id> =
    events(arguments.any("events")).map { Id.fromString(it.getValue("op_id").jsonPrimitive.content) }

/** Events as `outbox_events` gave them. */
private fun events(page: JsonElement): List<JsonObject> = page.jsonArray.map { it.jsonObject }
