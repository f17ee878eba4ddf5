package dev.steadfast.demo.habits

import dev.steadfast.Event
import dev.steadfast.HabitField
import dev.steadfast.HabitLog
import dev.steadfast.HabitLogEdit
import dev.steadfast.HabitLogQuery
import dev.steadfast.NewHabitLog
import dev.steadfast.SteadfastClient
import dev.steadfast.demo.app.Attempts
import dev.steadfast.demo.app.Calendar
import dev.steadfast.demo.app.Reads
import dev.steadfast.demo.format.typedCount
import dev.steadfast.events
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

/** The habits' view model: a day at a time, anew when a stored row changes. */
class HabitsViewModel(
    client: SteadfastClient,
    private val calendar: Calendar,
    private val attempts: Attempts,
    scope: CoroutineScope,
    private val onClose: () -> Unit,
) : HabitsActions {
    private val habits = client.habits()
    private val states = MutableStateFlow(HabitsState(calendar.today(), calendar.today()))
    private val reads = Reads(attempts)

    val state: StateFlow<HabitsState> = states.asStateFlow()

    init {
        scope.launch { client.events.filterIsInstance<Event.Changed>().conflate().collect { refresh() } }
        refresh()
    }

    override fun back() = onClose()

    override fun refresh() {
        reads.read({ trouble -> states.update { it.copy(listTrouble = trouble) } }) {
            val date = states.value.date
            val logs = on(date)
            states.update { if (it.date == date) it.copy(logs = logs, today = calendar.today(), listTrouble = null) else it }
        }
    }

    override fun choose(date: LocalDate) {
        states.update { if (it.date == date) it else it.copy(date = date, logs = null) }
        refresh()
    }

    override fun add() = states.update { it.copy(form = HabitForm()) }

    override fun edit(log: HabitLog) =
        states.update { it.copy(form = HabitForm(log, log.kind, log.minutes, log.mood.orEmpty(), log.notes.orEmpty())) }

    override fun type(form: HabitForm) = states.update { if (it.form == null) it else it.copy(form = form.copy(fault = null)) }

    override fun save() {
        val form = states.value.form ?: return
        val date = states.value.date
        onForm { it.copy(isBusy = true) }
        attempts
            .attempt({ trouble -> onForm { it.copy(fault = trouble) } }) {
                val before = form.before
                if (before == null) habits.record(form.log(date)) else habits.edit(before.id, form.changes(before))
                closeForm()
            }.invokeOnCompletion { onForm { it.copy(isBusy = false) } }
    }

    override fun delete() {
        val id = states.value.form?.before?.id ?: return
        attempts.attempt({ trouble -> states.update { it.copy(trouble = trouble) } }) {
            habits.delete(id)
            closeForm()
        }
    }

    override fun closeForm() = states.update { it.copy(form = null) }

    override fun dismissTrouble() = states.update { it.copy(trouble = null) }

    /**
     * The entries of a day. They are listed by moment, and a day is civil: one that began elsewhere may lie a day off by this phone's
     * zone, so that the days around are read as well.
     */
    private suspend fun on(date: LocalDate): List<HabitLog> {
        val from = date.minusDays(1).atStartOfDay(calendar.zone).toInstant()
        val until = date.plusDays(2).atStartOfDay(calendar.zone).toInstant()
        val logs = mutableListOf<HabitLog>()
        var after: String? = null
        do {
            val page = habits.list(HabitLogQuery(from = from, until = until, limit = PAGE, after = after))
            logs += page.logs.filter { it.date.toLocalDate() == date }
            after = page.next
        } while (after != null)
        return logs
    }

    private fun HabitForm.log(date: LocalDate): NewHabitLog {
        val at = calendar.nowOn(date)
        return NewHabitLog(kind.trim(), at, calendar.offsetS(at), durationMs = durationMs(), mood = mood.trim(), notes = notes.trim())
    }

    /** A duration that nobody touched keeps its seconds. */
    private fun HabitForm.changes(before: HabitLog): HabitLogEdit {
        val unset =
            mapOf(HabitField.DURATION to minutes, HabitField.MOOD to mood, HabitField.NOTES to notes).filterValues { it.isBlank() }
        return HabitLogEdit(
            kind = kind.trim(),
            durationMs = if (minutes == before.minutes) null else durationMs(),
            mood = mood.trim().ifEmpty { null },
            notes = notes.trim().ifEmpty { null },
            clear = unset.keys.toList(),
        )
    }

    /** What is more than the core takes stays more than it takes. */
    private fun HabitForm.durationMs(): ULong? = typedCount(minutes)?.coerceAtMost(ULong.MAX_VALUE / MS_A_MINUTE)?.times(MS_A_MINUTE)

    private val HabitLog.minutes: String get() = durationMs?.let { (it / MS_A_MINUTE).toString() }.orEmpty()

    private fun onForm(change: (HabitForm) -> HabitForm) = states.update { it.copy(form = it.form?.let(change)) }

    private companion object {
        const val PAGE = 200u
        const val MS_A_MINUTE = 60_000uL
    }
}
