package dev.steadfast.demo.metrics

import dev.steadfast.Event
import dev.steadfast.MetricKind
import dev.steadfast.MetricUnit
import dev.steadfast.NewProgressEntry
import dev.steadfast.ProgressEntry
import dev.steadfast.ProgressEntryEdit
import dev.steadfast.ProgressEntryField
import dev.steadfast.ProgressEntryQuery
import dev.steadfast.SteadfastClient
import dev.steadfast.demo.app.Attempts
import dev.steadfast.demo.app.Calendar
import dev.steadfast.demo.app.Reads
import dev.steadfast.demo.format.addsUp
import dev.steadfast.demo.format.typed
import dev.steadfast.demo.format.typedNumber
import dev.steadfast.events
import dev.steadfast.toCivilDate
import dev.steadfast.toLocalDate
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import java.time.LocalDate

/** The measurements' view model: one kind at a time, in pages, anew when a stored row changes. */
class MetricsViewModel(
    client: SteadfastClient,
    private val calendar: Calendar,
    private val attempts: Attempts,
    scope: CoroutineScope,
    private val onClose: () -> Unit,
) : MetricsActions {
    private val metrics = client.metrics()
    private val states = MutableStateFlow(MetricsState(MetricKind.BODY_MASS, calendar.today()))
    private val reads = Reads(attempts)

    val state: StateFlow<MetricsState> = states.asStateFlow()

    init {
        scope.launch { client.events.filterIsInstance<Event.Changed>().conflate().collect { refresh() } }
        refresh()
    }

    override fun back() = onClose()

    /** As many as were there, so that the place in the list stays. */
    override fun refresh() =
        read {
            val before = states.value
            val size = maxOf(PAGE, before.entries?.size ?: 0).coerceAtMost(MOST)
            val page = metrics.list(ProgressEntryQuery(kind = before.kind, limit = size.toUInt()))
            val line = line(before.kind, page.entries.firstOrNull()?.unit)
            update(before.kind) {
                it.copy(entries = page.entries, next = page.next, line = line, today = calendar.today(), listTrouble = null)
            }
        }

    override fun loadMore() =
        read {
            val before = states.value
            val next = before.next ?: return@read
            val page = metrics.list(ProgressEntryQuery(kind = before.kind, limit = PAGE.toUInt(), after = next))
            update(before.kind) { it.copy(entries = it.entries.orEmpty() + page.entries, next = page.next) }
        }

    override fun choose(kind: MetricKind) {
        states.update { if (it.kind == kind) it else MetricsState(kind, it.today) }
        refresh()
    }

    /** In the unit that was used last. */
    override fun add() =
        states.update { state ->
            val unit = state.entries?.firstOrNull()?.unit?.takeIf { it != MetricUnit.UNKNOWN } ?: state.kind.baseUnit()
            state.copy(form = EntryForm(null, "", unit, calendar.today()))
        }

    override fun edit(entry: ProgressEntry) =
        states.update {
            it.copy(form = EntryForm(entry.id, typed(entry.quantity), entry.unit, entry.date.toLocalDate(), entry.notes.orEmpty()))
        }

    override fun type(form: EntryForm) = states.update { if (it.form == null) it else it.copy(form = form.copy(fault = null)) }

    override fun save() {
        val (form, kind) = states.value.let { (it.form ?: return) to it.kind }
        onForm { it.copy(isBusy = true) }
        attempts
            .attempt({ trouble -> onForm { it.copy(fault = trouble) } }) {
                val id = form.id
                if (id == null) metrics.record(form.entry(kind)) else metrics.edit(id, form.changes(metrics.get(id)))
                closeForm()
            }.invokeOnCompletion { onForm { it.copy(isBusy = false) } }
    }

    override fun delete() {
        val id = states.value.form?.id ?: return
        attempts.attempt({ trouble -> states.update { it.copy(trouble = trouble) } }) {
            metrics.delete(id)
            closeForm()
        }
    }

    override fun closeForm() = states.update { it.copy(form = null) }

    override fun dismissTrouble() = states.update { it.copy(trouble = null) }

    private fun EntryForm.entry(kind: MetricKind): NewProgressEntry {
        val at = calendar.nowOn(date)
        return NewProgressEntry(kind, typedNumber(quantity), unit, at, calendar.offsetS(at), notes = notes.trim())
    }

    /** Only another day moves the moment at which it was measured. */
    private fun EntryForm.changes(before: ProgressEntry): ProgressEntryEdit {
        val at = if (date == before.date.toLocalDate()) null else calendar.nowOn(date)
        return ProgressEntryEdit(
            quantity = typedNumber(quantity),
            unit = unit,
            recordedAt = at,
            utcOffsetS = at?.let(calendar::offsetS),
            notes = notes.trim().ifEmpty { null },
            clear = if (notes.isBlank()) listOf(ProgressEntryField.NOTES) else emptyList(),
        )
    }

    /** @param unit the one that was used last */
    private suspend fun line(kind: MetricKind, unit: MetricUnit?): MetricLine? {
        val today = calendar.today()
        val shown = unit?.takeIf { it != MetricUnit.UNKNOWN } ?: kind.baseUnit()
        val days: List<Pair<LocalDate, Double>> =
            metrics.daily(kind, today.minusDays(DAYS).toCivilDate(), today.plusDays(1).toCivilDate()).mapNotNull { day ->
                shown.quantityOfSi(if (kind.addsUp) day.sumSi else day.latestSi)?.let { day.date.toLocalDate() to it }
            }
        return MetricLine(days, shown).takeIf { days.size > 1 }
    }

    /** What was read of a kind that is not looked at any more is of no use. */
    private fun update(kind: MetricKind, change: (MetricsState) -> MetricsState) = states.update { if (it.kind == kind) change(it) else it }

    private fun onForm(change: (EntryForm) -> EntryForm) = states.update { it.copy(form = it.form?.let(change)) }

    private fun read(call: suspend () -> Unit) {
        reads.read({ trouble -> states.update { it.copy(listTrouble = trouble) } }, call)
    }

    private companion object {
        const val PAGE = 30

        /** The core's limit of a page. */
        const val MOST = 1_000

        /** A season. */
        const val DAYS = 90L
    }
}
