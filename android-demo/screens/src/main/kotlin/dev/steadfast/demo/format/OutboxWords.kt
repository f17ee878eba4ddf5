package dev.steadfast.demo.format

import dev.steadfast.OutboxEvent
import dev.steadfast.OutboxStatistics
import dev.steadfast.OutboxStatus
import dev.steadfast.PauseReason
import dev.steadfast.SyncState
import dev.steadfast.SyncStatus

/** What was changed, as a person calls it. */
val OutboxEvent.what: String
    get() =
        when (entityKind) {
            "activity" -> "Workout"
            "program_session" -> "Training day"
            "exercise_definition" -> "Movement"
            "workout_log" -> "Strength log"
            "exercise" -> "Exercise of a strength log"
            "exercise_set" -> "Set of a strength log"
            "progress_entry" -> "Measurement"
            "habit_log" -> "Habit entry"
            else -> "Of a newer version"
        }

/** What was done to it. */
val OutboxEvent.how: String
    get() =
        when {
            operation == "delete" -> "deleted"
            isNewRecord -> "new"
            else -> "changed"
        }

/** Where the change stands. */
val OutboxStatus.label: String
    get() =
        when (this) {
            OutboxStatus.PENDING -> "Waiting"
            OutboxStatus.PROCESSING -> "Sending"
            OutboxStatus.FAILED -> "Will be tried again"
            OutboxStatus.DEAD -> "Failed"
            OutboxStatus.COMPLETED -> "Sent"
            OutboxStatus.REPLACED -> "Replaced"
            OutboxStatus.DISCARDED -> "Given up"
        }

/** Why the server did not take it; `null` if it said nothing. */
val OutboxEvent.why: String? get() = errorMessage?.takeIf { it.isNotBlank() } ?: errorCode?.let { "The server said “$it”." }

/** What becomes of the changes that wait. */
val SyncStatus.sentence: String
    get() =
        when (state) {
            SyncState.STOPPED -> "No server is set up. Changes wait on this phone until one is; nothing is lost meanwhile."
            SyncState.SIGNED_OUT -> "Nobody is signed in: the data stays on this phone."
            SyncState.IDLE -> "The server has everything that it can have."
            SyncState.SENDING -> "Changes are on their way."
            SyncState.WAITING -> "The next attempt comes by itself."
            SyncState.OFFLINE -> "The phone has no connection. Changes wait."
            SyncState.HELD -> "Changes wait for a connection that costs nothing."
            SyncState.PAUSED -> paused?.sentence ?: "Something has to be done first."
        }

private val PauseReason.sentence: String
    get() =
        when (this) {
            PauseReason.AUTHENTICATION -> "Sign in again: the server does not accept this sign-in any more. Changes wait."
            PauseReason.CLIENT_TOO_OLD -> "Update the app: the server does not understand this version any more. Changes wait."
            PauseReason.ACCOUNT_DELETED -> "The account was deleted on the server. The data stays on this phone."
        }

/** Changes that go by themselves once they can: those that wait, and those that wait for another attempt. */
val OutboxStatistics.waiting: Long get() = (pending + failed).toLong()

/** The outbox in one sentence. */
val OutboxStatistics.sentence: String
    get() {
        val open = waiting + processing.toLong()
        val waits = if (open == 1L) "1 change waits" else "$open changes wait"
        return when {
            dead > 0uL && open > 0 -> "${dead.failed}, $waits"
            dead > 0uL -> dead.failed
            open > 0 -> waits
            else -> "Nothing waits"
        }
    }

private val ULong.failed: String get() = counted(toLong(), "change failed", "changes failed")
