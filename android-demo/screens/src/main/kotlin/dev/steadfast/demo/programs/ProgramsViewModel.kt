package dev.steadfast.demo.programs

import dev.steadfast.Completion
import dev.steadfast.Event
import dev.steadfast.ProgramDay
import dev.steadfast.ScheduledDay
import dev.steadfast.SteadfastClient
import dev.steadfast.demo.app.Attempts
import dev.steadfast.demo.app.Calendar
import dev.steadfast.demo.app.Reads
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

/**
 * The program's view model: what was done of it, a week at a time.
 *
 * @param onLog shows the strength log of a day
 */
class ProgramsViewModel(
    client: SteadfastClient,
    private val calendar: Calendar,
    private val attempts: Attempts,
    scope: CoroutineScope,
    private val onLog: (ProgramDay) -> Unit,
    private val onClose: () -> Unit,
) : ProgramsActions {
    private val programs = client.programs()
    private val states = MutableStateFlow(ProgramsState(calendar.today()))
    private val reads = Reads(attempts)

    val state: StateFlow<ProgramsState> = states.asStateFlow()

    init {
        scope.launch { client.events.filterIsInstance<Event.Changed>().conflate().collect { refresh() } }
        refresh()
    }

    override fun back() = onClose()

    override fun refresh() {
        reads.read({ trouble -> states.update { it.copy(listTrouble = trouble) } }) {
            val sessions = programs.progress(DemoProgram.ID)
            states.update { before ->
                val after = before.copy(sessions = sessions, today = calendar.today(), listTrouble = null)
                if (before.sessions == null) after.copy(week = after.firstOpenWeek()) else after
            }
        }
    }

    override fun chooseWeek(week: Int) = states.update { it.copy(week = week.coerceIn(1, DemoProgram.WEEKS)) }

    override fun open(day: ProgramDay) =
        states.update { state ->
            val session = state.session(day)
            val date = session?.scheduledDate?.toLocalDate() ?: calendar.today()
            state.copy(day = DayForm(day, session?.intensity, date))
        }

    /** A rating of a day that is done is written at once; before that, together with the completion. */
    override fun type(form: DayForm) {
        val before = states.value
        states.update { if (it.day == null) it else it.copy(day = form) }
        val session = before.session(form.day)
        val intensity = form.intensity
        if (session?.completedAt != null && intensity != null && intensity != session.intensity) {
            write { programs.rate(form.day, intensity) }
        }
    }

    override fun complete() =
        onDay { form ->
            val now = calendar.now()
            programs.complete(form.day, Completion(now, calendar.offsetS(now), form.intensity))
        }

    override fun takeBack() = onDay { programs.uncomplete(it.day) }

    override fun plan() = onDay { programs.schedule(listOf(ScheduledDay(it.day, it.date.toCivilDate()))) }

    override fun clearPlan() = onDay { programs.schedule(listOf(ScheduledDay(it.day, null))) }

    override fun log() {
        val day = states.value.day?.day ?: return
        closeDay()
        onLog(day)
    }

    override fun closeDay() = states.update { it.copy(day = null) }

    override fun dismissTrouble() = states.update { it.copy(trouble = null) }

    /** Writes something of the day that is looked at, and goes back to the week. */
    private fun onDay(call: suspend (DayForm) -> Unit) {
        val form = states.value.day ?: return
        write {
            call(form)
            closeDay()
        }
    }

    private fun write(call: suspend () -> Unit) {
        attempts.attempt({ trouble -> states.update { it.copy(trouble = trouble) } }) { call() }
    }

    /** Where the person goes on; the last week once everything is done. */
    private fun ProgramsState.firstOpenWeek(): Int =
        DemoProgram.days.firstOrNull { session(it)?.completedAt == null }?.week?.toInt() ?: DemoProgram.WEEKS
}
