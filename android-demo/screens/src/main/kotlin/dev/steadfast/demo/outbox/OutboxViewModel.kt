package dev.steadfast.demo.outbox

import dev.steadfast.Event
import dev.steadfast.OutboxEvent
import dev.steadfast.OutboxQuery
import dev.steadfast.OutboxStatus
import dev.steadfast.SteadfastClient
import dev.steadfast.demo.app.Attempts
import dev.steadfast.demo.app.Calendar
import dev.steadfast.demo.app.Reads
import dev.steadfast.demo.trouble.Trouble
import dev.steadfast.events
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** The outbox's view model: in pages, anew when a row changes or sync goes on. */
class OutboxViewModel(
    client: SteadfastClient,
    private val calendar: Calendar,
    private val attempts: Attempts,
    scope: CoroutineScope,
    private val onClose: () -> Unit,
) : OutboxActions {
    private val outbox = client.outbox()
    private val sync = client.sync()
    private val states = MutableStateFlow(OutboxState())
    private val reads = Reads(attempts)

    val state: StateFlow<OutboxState> = states.asStateFlow()

    init {
        scope.launch { client.events.filter { it is Event.Changed || it is Event.Sync }.conflate().collect { refresh() } }
        refresh()
    }

    override fun back() = onClose()

    /** As many as were there, so that the place in the list stays. */
    override fun refresh() =
        read {
            val (events, next) = page(first, maxOf(PAGE, states.value.events.size).coerceAtMost(MOST))
            val statistics = outbox.statistics()
            val status = sync.status()
            states.update {
                it.copy(statistics = statistics, sync = status, events = events, next = next, now = calendar.now(), listTrouble = null)
            }
        }

    override fun loadMore() =
        read {
            val (events, next) = page(states.value.next ?: return@read, PAGE)
            states.update { it.copy(events = (it.events + events).once(), next = next) }
        }

    override fun retry(event: OutboxEvent) {
        states.update { it.copy(onlyCopy = null) }
        act(::failed) { outbox.retry(listOf(event.opId)) }
    }

    override fun discard(event: OutboxEvent) = states.update { it.copy(discarding = event) }

    override fun confirmDiscard() {
        val event = states.value.discarding ?: return
        keep()
        act({ refused(event, it) }) { outbox.discard(listOf(event.opId)) }
    }

    override fun keep() = states.update { it.copy(discarding = null, onlyCopy = null) }

    override fun dismissTrouble() = states.update { it.copy(trouble = null) }

    /** Events from [mark] on, through one status after the other until the page is full, and the mark of the next one. */
    private suspend fun page(mark: OutboxMark, size: Int): Pair<List<OutboxEvent>, OutboxMark?> {
        val events = mutableListOf<OutboxEvent>()
        var from: OutboxMark? = mark
        while (from != null && events.size < size) {
            val wanted = size - events.size
            val found = outbox.events(OutboxQuery(from.status, wanted.toUInt(), from.after))
            events += found.events
            from = found.next?.let { from.copy(after = it) } ?: from.nextStatus()
        }
        return events.once() to from
    }

    private fun OutboxMark.nextStatus() = order.getOrNull(order.indexOf(status) + 1)?.let { OutboxMark(it) }

    /** Sync may move an event on between the reading of one status and the next. */
    private fun List<OutboxEvent>.once() = distinctBy { it.opId }

    private fun act(onTrouble: (Trouble) -> Unit, call: suspend () -> Unit) {
        attempts.attempt(onTrouble) {
            call()
            refresh()
        }
    }

    private fun refused(event: OutboxEvent, trouble: Trouble) =
        if (trouble.code == ONLY_COPY) states.update { it.copy(onlyCopy = OnlyCopy(event, trouble)) } else failed(trouble)

    private fun failed(trouble: Trouble) = states.update { it.copy(trouble = trouble) }

    private fun read(call: suspend () -> Unit) {
        reads.read({ trouble -> states.update { it.copy(listTrouble = trouble) } }, call)
    }

    private companion object {
        const val PAGE = 30

        /** The core's limit of a page. */
        const val MOST = 1_000
        const val ONLY_COPY = "only_copy"

        /** What needs the person first, then what is nearest to the server. */
        val order = listOf(OutboxStatus.DEAD, OutboxStatus.PROCESSING, OutboxStatus.FAILED, OutboxStatus.PENDING)
        val first = OutboxMark(order.first())
    }
}
