package dev.steadfast.conformance

import dev.steadfast.ManualClock
import dev.steadfast.SteadfastClient
import dev.steadfast.SteadfastException
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import java.io.File
import java.time.Instant

/** A call whose arguments have been read. */
typealias Call = suspend () -> Any?

/** An app that does as a scenario says, in an empty folder or where the one that was killed there stood. */
class Actor(val work: File, private val files: File) {
    private val stateFile = work.resolve("state.json")
    private val names: MutableMap<String, JsonElement>
    val clock: ManualClock
    val events = KeptEvents()
    var client: SteadfastClient? = null
    var server: ServerProcess? = null

    init {
        val state = if (stateFile.exists()) Json.parseToJsonElement(stateFile.readText()).jsonObject else null
        clock = ManualClock(Instant.ofEpochMilli(state?.getValue("now_ms")?.jsonPrimitive?.long ?: START_MS))
        names = state?.getValue("names")?.jsonObject?.toMutableMap() ?: mutableMapOf("work" to JsonPrimitive(work.path))
    }

    fun openClient(): SteadfastClient = client ?: throw ScenarioFailure("no client is open")

    fun nowMs(): Long = clock.time().toEpochMilli()

    fun moveTo(timeMs: Long) = clock.advance(timeMs - nowMs())

    fun file(path: String): File = if (path.startsWith("files/")) files.resolve(path) else work.resolve(path)

    /** Performs a step and holds what is seen against what is expected. */
    suspend fun perform(step: Step) {
        val call =
            Arguments.strictly(resolve(step.arguments).jsonObject) {
                clientCall(step.verb, it)
                    ?: recorderCall(step.verb, it)
                    ?: activitiesCall(step.verb, it)
                    ?: programsCall(step.verb, it)
                    ?: metricsCall(step.verb, it)
                    ?: habitsCall(step.verb, it)
                    ?: strengthCall(step.verb, it)
                    ?: outboxCall(step.verb, it)
                    ?: syncCall(step.verb, it)
                    ?: serverCall(step.verb, it)
                    ?: valuesCall(step.verb, it)
                    ?: folderCall(step.verb, it)
                    ?: throw ScenarioFailure("unknown verb ${step.verb}")
            }
        try {
            val seen = seen(call())
            if (step.error != null) throw ScenarioFailure("it succeeded and should have failed")
            step.binds?.let { names[it] = (seen as? JsonObject)?.get("id") ?: seen }
            step.expect?.let { match(resolve(it), seen) }
        } catch (error: SteadfastException) {
            if (step.error == null) throw ScenarioFailure("${error.codeName()} ${error.message}")
            match(resolve(step.error), seen(error))
        }
        keepState()
    }

    private fun keepState() {
        val state = mapOf("now_ms" to JsonPrimitive(nowMs()), "names" to JsonObject(names))
        stateFile.writeText(JsonObject(state).toString())
    }

    /** Puts values in the place of names. */
    private fun resolve(value: JsonElement): JsonElement =
        when {
            value is JsonArray -> JsonArray(value.map(::resolve))
            value is JsonObject -> JsonObject(value.mapValues { resolve(it.value) })
            value is JsonPrimitive && value.isString -> resolve(value.content)
            else -> value
        }

    private fun resolve(text: String): JsonElement =
        names[text.removePrefix("$")]?.takeIf { text.startsWith("$") }
            ?: JsonPrimitive(NAME.replace(text) { (names[it.groupValues[1]] as? JsonPrimitive)?.content ?: it.value })

    private companion object {
        /** 2026-05-01T08:00:00Z. */
        const val START_MS = 1_777_622_400_000
        val NAME = "\\$([a-z_]+)".toRegex()
    }
}
