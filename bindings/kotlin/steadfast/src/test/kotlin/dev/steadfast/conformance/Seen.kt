package dev.steadfast.conformance

import dev.steadfast.CivilDate
import dev.steadfast.Event
import dev.steadfast.Id
import dev.steadfast.SteadfastException
import dev.steadfast.toLocalDate
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.lang.reflect.Modifier
import java.time.Instant

/** What a call gave, as JSON in the core's own names. Records are taken apart by reflection, so that a new field cannot be forgotten here. */
fun seen(value: Any?): JsonElement =
    when (value) {
        null, Unit -> JsonNull
        is JsonElement -> value
        is Boolean -> JsonPrimitive(value)
        is String -> JsonPrimitive(value)
        is Double -> if (value.isFinite()) JsonPrimitive(value) else JsonNull
        is UShort -> JsonPrimitive(value.toLong())
        is UInt -> JsonPrimitive(value.toLong())
        is ULong -> JsonPrimitive(value.toLong())
        is Number -> JsonPrimitive(value)
        is Id -> JsonPrimitive(value.toString())
        is Instant -> JsonPrimitive(value.toEpochMilli())
        is CivilDate -> JsonPrimitive(value.toLocalDate().toString())
        is Enum<*> -> JsonPrimitive(value.name.lowercase())
        is DoubleArray -> JsonArray(value.map(::seen))
        is LongArray -> JsonArray(value.map(::seen))
        is List<*> -> JsonArray(value.map(::seen))
        is Map<*, *> -> JsonObject(value.entries.associate { (name, member) -> name(name) to seen(member) })
        is Event -> JsonObject(mapOf("event" to JsonPrimitive(snake(value.javaClass.simpleName))) + fields(value))
        else -> JsonObject(fields(value))
    }

private fun name(key: Any?): String = if (key is Enum<*>) key.name.lowercase() else key as String

/** An error, with all that a person and an app learn of it. */
fun seen(error: SteadfastException): JsonElement {
    val detail = error.detail()
    val sentence = if (detail.isEmpty()) error.summary() else "${error.summary()}: $detail"
    if (error.message != sentence) throw ScenarioFailure("its message is ${error.message} and should be $sentence")
    return JsonObject(
        mapOf(
            "category" to error.category(),
            "code" to error.codeName(),
            "severity" to error.severity(),
            "retryable" to error.retryable(),
            "field" to (error as? SteadfastException.Validation)?.field,
            "detail" to detail,
            "path" to error.path(),
            "summary" to error.summary(),
            "reason" to error.reason(),
            "suggestion" to error.suggestion(),
            "message" to error.message,
        ).mapValues { seen(it.value) },
    )
}

private fun fields(record: Any): Map<String, JsonElement> {
    val type = record.javaClass
    check(type.packageName == "dev.steadfast") { "no record of the API: $type" }
    return type.declaredFields
        .filter { !Modifier.isStatic(it.modifiers) }
        .associate { field ->
            field.isAccessible = true
            snake(field.name) to seen(field[record])
        }
}

private fun snake(camel: String) = camel.replaceFirstChar { it.lowercase() }.replace("[A-Z]".toRegex()) { "_" + it.value.lowercase() }
