package dev.steadfast.conformance

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.doubleOrNull
import kotlinx.serialization.json.longOrNull
import kotlin.math.abs

/** Fails with where and why, if what was seen is not what was expected. */
fun match(expected: JsonElement, seen: JsonElement, path: String = "") {
    when {
        expected is JsonObject && isSpecial(expected, seen) -> matchSpecially(expected, seen, path)
        expected is JsonObject && seen is JsonObject ->
            for ((name, member) in expected) {
                val field = seen[name] ?: throw ScenarioFailure("$path.$name: there is no such field")
                match(member, field, "$path.$name")
            }
        expected is JsonArray && seen is JsonArray -> {
            if (expected.size != seen.size) throw ScenarioFailure("$path: expected ${expected.size} elements, seen ${seen.size}")
            for (index in expected.indices) match(expected[index], seen[index], "$path[$index]")
        }
        else -> if (!isSame(expected, seen)) throw ScenarioFailure("$path: expected $expected, seen ${short(seen)}")
    }
}

private val SPECIAL =
    setOf("near", "within", "at_least", "at_most", "count", "first", "last", "each", "one_of", "begins", "ends", "has", "not")

/** An object has a `count` as a field, not of elements. */
private fun isSpecial(matcher: JsonObject, seen: JsonElement): Boolean {
    val isField = seen is JsonObject && "count" in matcher
    return !isField && matcher.keys.any { it in SPECIAL }
}

private fun isSame(expected: JsonElement, seen: JsonElement): Boolean {
    if (expected !is JsonPrimitive || seen !is JsonPrimitive || expected is JsonNull || seen is JsonNull) return expected == seen
    if (expected.isString || seen.isString) return expected == seen
    val wholes = expected.longOrNull to seen.longOrNull
    if (wholes.first != null && wholes.second != null) return wholes.first == wholes.second
    val (one, another) = (expected.doubleOrNull to seen.doubleOrNull)
    if (one == null || another == null) return expected == seen
    return abs(one - another) <= 1e-9 * maxOf(abs(one), abs(another))
}

private fun matchSpecially(matcher: JsonObject, seen: JsonElement, path: String) {
    for ((name, argument) in matcher) {
        if (!holds(name, argument, matcher, seen, path)) throw ScenarioFailure("$path: expected $name $argument, seen ${short(seen)}")
    }
}

private fun holds(name: String, argument: JsonElement, matcher: JsonObject, seen: JsonElement, path: String): Boolean {
    fun number(of: JsonElement) =
        (of as? JsonPrimitive)?.takeIf { !it.isString }?.doubleOrNull ?: throw ScenarioFailure("$path: ${short(of)} is no number")

    fun text(of: JsonElement) =
        (of as? JsonPrimitive)?.takeIf { it.isString }?.content ?: throw ScenarioFailure("$path: ${short(of)} is no text")

    fun elements() = seen as? JsonArray ?: throw ScenarioFailure("$path: ${short(seen)} is no array")

    fun isMatch(expected: JsonElement) =
        runCatching {
            match(expected, seen, path)
        }.onFailure { if (it !is ScenarioFailure) throw it }.isSuccess
    return when (name) {
        "near" -> abs(number(seen) - number(argument)) <= number(matcher["within"] ?: throw ScenarioFailure("$path: near wants within"))
        "within" -> "near" in matcher
        "at_least" -> number(seen) >= number(argument)
        "at_most" -> number(seen) <= number(argument)
        "count" -> elements().size.toDouble() == number(argument)
        "first", "last" -> {
            val end = if (name == "first") elements().firstOrNull() else elements().lastOrNull()
            match(argument, end ?: throw ScenarioFailure("$path: it is empty, there is no $name"), "$path.$name")
            true
        }
        "each" -> true.also { elements().forEach { match(argument, it, "$path.each") } }
        "one_of" -> (argument as JsonArray).any(::isMatch)
        "begins" -> text(seen).startsWith(text(argument))
        "ends" -> text(seen).endsWith(text(argument))
        "has" -> text(seen).isNotEmpty() && text(argument) in text(seen)
        "not" -> !isMatch(argument)
        else -> throw ScenarioFailure("$path: unknown matcher $name")
    }
}

private fun short(value: JsonElement): String = value.toString().let { if (it.length <= 300) it else it.take(300) + "…" }
