package dev.steadfast.kills

import dev.steadfast.Id

/** What was acknowledged: kept by the parent, from the lines of its children. */
class Ledger {
    /** What the app last heard about a workout. */
    enum class Phase { OPEN, MAYBE_SAVED, SAVED, MAYBE_DISCARDED, DISCARDED }

    class Workout {
        /** Times of the samples that were acknowledged while it recorded; they must be in the track. UTC milliseconds. */
        val must = mutableListOf<Long>()

        /** Samples that were acknowledged, those during a pause included. */
        var acknowledged = 0
        var phase = Phase.OPEN
    }

    val workouts = mutableMapOf<Id, Workout>()

    /** The app died while it started one, whose id nobody heard. */
    var maybeStarted = false
    var acknowledged = 0L
        private set

    /** The latest time that was heard of, UTC milliseconds. */
    var latestMs = 0L
        private set

    /** Takes in what a child said. It is dead now. */
    fun hear(lines: List<String>) {
        var inFlight: List<String>? = null
        for (line in lines) {
            val words = line.split(' ')
            inFlight = if (words[0] == "do") words else null
            when (words[0]) {
                "ack" -> acknowledge(known(words[1]), words[2] == "must", words[3].toLong(), words[4].toInt())
                "started" -> workouts[Id.fromString(words[1])] = Workout()
                "did", "refused" -> known(words.last { it.length == ID_LENGTH }).phase = Phase.OPEN
                "saved" -> known(words[1]).phase = Phase.SAVED
                "discarded" -> known(words[1]).phase = Phase.DISCARDED
                "do", "opened", "closed" -> Unit
                else -> error("no line of the child's: $line")
            }
        }
        inFlight?.let { (_, verb, id) -> diedIn(verb, id) }
    }

    private fun diedIn(verb: String, id: String) {
        when (verb) {
            "start" -> maybeStarted = true
            "save" -> known(id).phase = Phase.MAYBE_SAVED
            "discard" -> known(id).phase = Phase.MAYBE_DISCARDED
        }
    }

    private fun acknowledge(workout: Workout, must: Boolean, firstMs: Long, count: Int) {
        val times = List(count) { firstMs + it * 1_000L }
        acknowledged += count
        workout.acknowledged += count
        if (must) workout.must += times
        latestMs = maxOf(latestMs, times.last())
    }

    /** A workout that an earlier audit found though its start was never acknowledged is known by then. */
    private fun known(id: String) = workouts.getValue(Id.fromString(id))

    private companion object {
        const val ID_LENGTH = 36
    }
}
