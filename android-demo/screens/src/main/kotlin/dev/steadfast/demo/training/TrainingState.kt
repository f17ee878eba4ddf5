package dev.steadfast.demo.training

import dev.steadfast.OutboxStatistics
import dev.steadfast.ProgressEntry
import dev.steadfast.WorkoutLogSummary
import dev.steadfast.demo.app.Destination
import dev.steadfast.demo.trouble.Trouble

/**
 * What the training tab shows: a line of each room, and the outbox.
 *
 * @property completedDays of the demo's program; `null` before it is there
 * @property lastLog the newest strength log
 * @property bodyMass the one that was measured last
 * @property habitsToday entries of today
 * @property outbox how many changes stand where; `null` before it is there
 * @property trouble why it could not be read
 */
data class TrainingState(
    val completedDays: Int? = null,
    val lastLog: WorkoutLogSummary? = null,
    val bodyMass: ProgressEntry? = null,
    val habitsToday: Int = 0,
    val outbox: OutboxStatistics? = null,
    val trouble: Trouble? = null,
) {
    /** Changes that need the person. */
    val failed: Int get() = outbox?.dead?.toInt() ?: 0
}

/** What a person can do there. */
interface TrainingActions {
    fun refresh()

    fun open(destination: Destination)
}
