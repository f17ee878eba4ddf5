package dev.steadfast.conformance

import dev.steadfast.Event
import dev.steadfast.EventListener
import kotlinx.serialization.json.JsonElement
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

/** Keeps the events until they are asked for. */
class KeptEvents : EventListener {
    private val events = LinkedBlockingQueue<Event>()

    override fun onEvent(event: Event) = events.put(event)

    /** Takes events until one matches, none of which may match [without]; fails if none comes within 10 s. */
    fun await(expected: JsonElement, without: JsonElement?): JsonElement {
        val taken = mutableListOf<JsonElement>()
        while (true) {
            val event = events.poll(10, TimeUnit.SECONDS) ?: throw ScenarioFailure("no such event; taken were $taken")
            val seen = seen(event)
            if (matches(expected, seen)) return seen
            if (without != null && matches(without, seen)) throw ScenarioFailure("an event came that should not: $seen")
            taken += seen
        }
    }

    private fun matches(expected: JsonElement, seen: JsonElement): Boolean = runCatching { match(expected, seen) }.isSuccess
}
