package dev.steadfast.demo.recovery

import dev.steadfast.RecoveryInfo
import dev.steadfast.demo.trouble.Trouble
import java.util.UUID

/**
 * A workout that a crash left behind.
 *
 * @property info what the core knows of it
 * @property problem why it cannot be read, in words; `null` if it can
 */
data class Unfinished(val info: RecoveryInfo, val problem: Trouble?)

/**
 * What the recovery dialog shows.
 *
 * @property unfinished newest first; the dialog is there while this is not empty and the person has not put it off
 * @property isPutOff the person wants to decide later
 * @property trouble what the last action met
 */
data class RecoveryState(val unfinished: List<Unfinished> = emptyList(), val isPutOff: Boolean = false, val trouble: Trouble? = null) {
    val isAsking: Boolean get() = unfinished.isNotEmpty() && !isPutOff

    /** How many were put off. */
    val waiting: Int get() = if (isPutOff) unfinished.size else 0
}

/** What a person can do with an interrupted workout. */
interface RecoveryActions {
    fun resume(id: UUID)

    fun save(id: UUID)

    fun discard(id: UUID)

    fun putOff()

    /** Asks again about those that were put off. */
    fun askAgain()

    fun dismissTrouble()
}
