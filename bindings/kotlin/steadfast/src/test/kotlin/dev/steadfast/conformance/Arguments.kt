package dev.steadfast.conformance

import dev.steadfast.CivilDate
import dev.steadfast.Id
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.double
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import java.time.Instant

/** The members of an object, strictly read: what nobody asks for is an error. */
class Arguments private constructor(private val members: JsonObject) {
    private val asked = mutableSetOf<String>()

    private fun element(name: String): JsonElement? {
        asked += name
        return members[name].takeIf { it != JsonNull }
    }

    private fun missing(name: String): Nothing = throw ScenarioFailure("$name is missing")

    fun textOrNull(name: String): String? = element(name)?.jsonPrimitive?.content

    fun text(name: String): String = textOrNull(name) ?: missing(name)

    fun longOrNull(name: String): Long? = element(name)?.jsonPrimitive?.long

    fun long(name: String): Long = longOrNull(name) ?: missing(name)

    fun intOrNull(name: String): Int? = element(name)?.jsonPrimitive?.int

    fun truth(name: String, default: Boolean = false): Boolean = element(name)?.jsonPrimitive?.boolean ?: default

    fun numberOrNull(name: String): Double? = element(name)?.jsonPrimitive?.let(::number)

    fun number(name: String): Double = numberOrNull(name) ?: missing(name)

    fun idOrNull(name: String): Id? = textOrNull(name)?.let(Id::fromString)

    fun id(name: String): Id = idOrNull(name) ?: missing(name)

    inline fun <reified E : Enum<E>> nameOrNull(name: String): E? = textOrNull(name)?.let { caseOf<E>(name, it) }

    inline fun <reified E : Enum<E>> name(name: String): E = nameOrNull<E>(name) ?: throw ScenarioFailure("$name is missing")

    /** The cases that a list names; none if there is no list. */
    inline fun <reified E : Enum<E>> names(name: String): List<E> = texts(name).map { caseOf<E>(name, it) }

    inline fun <reified E : Enum<E>> caseOf(name: String, text: String): E =
        enumValues<E>().firstOrNull { it.name.lowercase() == text } ?: throw ScenarioFailure("$name: there is no $text")

    fun texts(name: String): List<String> = element(name)?.jsonArray?.map { it.jsonPrimitive.content } ?: emptyList()

    fun uintOrNull(name: String): UInt? = longOrNull(name)?.toUInt()

    fun instantOrNull(name: String): Instant? = longOrNull(name)?.let(Instant::ofEpochMilli)

    /** `2026-01-28`; also a day that the calendar does not have. */
    fun dateOrNull(name: String): CivilDate? =
        textOrNull(name)?.split("-")?.let { (year, month, day) -> CivilDate(year.toUShort(), month.toUByte(), day.toUByte()) }

    fun date(name: String): CivilDate = dateOrNull(name) ?: missing(name)

    fun anyOrNull(name: String): JsonElement? = element(name)

    fun any(name: String): JsonElement = element(name) ?: missing(name)

    fun <T> objectOrNull(name: String, read: (Arguments) -> T): T? = element(name)?.let { strictly(it.jsonObject, read) }

    /** The object of that name; one without members if there is none. */
    fun <T> objectOrEmpty(name: String, read: (Arguments) -> T): T = objectOrNull(name, read) ?: strictly(JsonObject(emptyMap()), read)

    fun <T> objectOf(name: String, read: (Arguments) -> T): T = objectOrNull(name, read) ?: missing(name)

    fun <T> list(name: String, read: (Arguments) -> T): List<T> = listOrNull(name, read) ?: missing(name)

    fun <T> listOrNull(name: String, read: (Arguments) -> T): List<T>? =
        (element(name) as JsonArray?)?.jsonArray?.map { strictly(it.jsonObject, read) }

    companion object {
        /** What [read] makes of the members; it must ask for every one of them. */
        fun <T> strictly(members: JsonObject, read: (Arguments) -> T): T {
            val arguments = Arguments(members)
            val value =
                try {
                    read(arguments)
                } catch (error: IllegalArgumentException) {
                    throw ScenarioFailure("$members: ${error.message}")
                }
            val unknown = members.keys - arguments.asked
            if (unknown.isNotEmpty()) throw ScenarioFailure("unknown arguments $unknown")
            return value
        }

        private fun number(value: JsonPrimitive): Double =
            when {
                !value.isString -> value.double
                value.content == "nan" -> Double.NaN
                value.content == "infinity" -> Double.POSITIVE_INFINITY
                value.content == "-infinity" -> Double.NEGATIVE_INFINITY
                else -> throw ScenarioFailure("$value is no number")
            }
    }
}
