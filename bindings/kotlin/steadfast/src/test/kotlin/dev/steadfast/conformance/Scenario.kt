package dev.steadfast.conformance

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.io.File

/** A file of `tests/scenarios`; the README there says what it means. */
class Scenario(
    /** What it holds the product to. */
    val rule: String,
    /** For one that is broken on purpose: a word of the failure that must be seen. */
    val fails: String?,
    val steps: List<Step>,
) {
    /** The index of the first kill at or after a step; null if there is none. */
    fun killAfter(from: Int): Int? = (from until steps.size).firstOrNull { steps[it].verb == "kill" }

    companion object {
        fun read(file: File): Scenario {
            val members = Json.parseToJsonElement(file.readText()).jsonObject
            val unknown = members.keys - setOf("rule", "fails", "steps")
            if (unknown.isNotEmpty()) throw ScenarioFailure("$file: unknown members $unknown")
            return Scenario(
                members.getValue("rule").jsonPrimitive.content,
                members["fails"]?.jsonPrimitive?.content,
                members.getValue("steps").jsonArray.map { Step.of(it.jsonObject) },
            )
        }
    }
}

/** One call and what must be seen of it. */
class Step(
    val verb: String,
    /** The verb's own members. */
    val arguments: JsonObject,
    /** How often it is done. */
    val times: Int,
    /** The name to which its result is bound. */
    val binds: String?,
    val expect: JsonElement?,
    val error: JsonElement?,
) {
    companion object {
        private val own = setOf("do", "times", "as", "expect", "error")

        fun of(members: JsonObject) =
            Step(
                members.getValue("do").jsonPrimitive.content,
                JsonObject(members - own),
                members["times"]?.jsonPrimitive?.int ?: 1,
                members["as"]?.jsonPrimitive?.content,
                members["expect"],
                members["error"],
            )
    }
}

/** Something was not as the scenario says, or the scenario says what nobody understands. */
class ScenarioFailure(message: String) : Exception(message)
