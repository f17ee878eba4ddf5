package dev.steadfast.demo.outbox

import dev.steadfast.OutboxEvent
import dev.steadfast.OutboxStatistics
import dev.steadfast.OutboxStatus
import dev.steadfast.SyncStatus
import dev.steadfast.demo.trouble.Trouble
import java.time.Instant

/**
 * What the outbox shows.
 *
 * @property statistics how many changes stand where; `null` before it is there
 * @property sync what becomes of them
 * @property events those that failed first, then the others in the order in which they are sent, as far as they were loaded
 * @property next the mark of the next page; `null` on the last
 * @property now when that was, for the age of a change
 * @property discarding the change that the person wants to give up, and is asked; `null` while none is
 * @property onlyCopy the change that must not be given up, with the core's reason; `null` while none is
 * @property listTrouble why the outbox could not be read
 * @property trouble what the last action met
 */
data class OutboxState(
    val statistics: OutboxStatistics? = null,
    val sync: SyncStatus? = null,
    val events: List<OutboxEvent> = emptyList(),
    val next: OutboxMark? = null,
    val now: Instant = Instant.EPOCH,
    val discarding: OutboxEvent? = null,
    val onlyCopy: OnlyCopy? = null,
    val listTrouble: Trouble? = null,
    val trouble: Trouble? = null,
)

/** True for what a person can send again: the rest goes by itself. */
val OutboxEvent.isRetryable: Boolean get() = status == OutboxStatus.DEAD || status == OutboxStatus.FAILED

/** A change that holds what exists nowhere else. */
data class OnlyCopy(val event: OutboxEvent, val trouble: Trouble)

/** Where a page of the outbox begins: with the events of [status] after [after]. */
data class OutboxMark(val status: OutboxStatus, val after: ULong? = null)

/** What a person can do with the outbox. */
interface OutboxActions {
    fun back()

    fun refresh()

    fun loadMore()

    fun retry(event: OutboxEvent)

    /** Asks first. */
    fun discard(event: OutboxEvent)

    fun confirmDiscard()

    fun keep()

    fun dismissTrouble()
}
