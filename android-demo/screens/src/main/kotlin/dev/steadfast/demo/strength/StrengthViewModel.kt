package dev.steadfast.demo.strength

import dev.steadfast.Event
import dev.steadfast.ProgramDay
import dev.steadfast.SteadfastClient
import dev.steadfast.WorkoutLogQuery
import dev.steadfast.demo.app.Attempts
import dev.steadfast.demo.app.Reads
import dev.steadfast.demo.programs.DemoProgram
import dev.steadfast.events
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/**
 * The view model of the list of strength logs: pages as they are needed, anew when a stored row changes.
 *
 * @param onOpen shows the log of a day
 */
class StrengthViewModel(
    client: SteadfastClient,
    attempts: Attempts,
    scope: CoroutineScope,
    private val onOpen: (ProgramDay) -> Unit,
    private val onClose: () -> Unit,
) : StrengthActions {
    private val strength = client.strength()
    private val states = MutableStateFlow(StrengthState())
    private val reads = Reads(attempts)

    val state: StateFlow<StrengthState> = states.asStateFlow()

    init {
        scope.launch { client.events.filterIsInstance<Event.Changed>().conflate().collect { refresh() } }
        refresh()
    }

    override fun back() = onClose()

    /** As many as were there, so that the place in the list stays. */
    override fun refresh() =
        read {
            val size = maxOf(PAGE, states.value.logs?.size ?: 0).coerceAtMost(MOST)
            val page = strength.history(WorkoutLogQuery(limit = size.toUInt()))
            val ofProgram = strength.history(WorkoutLogQuery(programId = DemoProgram.ID, limit = DemoProgram.DAYS.toUInt()))
            val logged = ofProgram.logs.map { it.programDay }.toSet()
            val upcoming = DemoProgram.days.firstOrNull { it !in logged }
            states.update { it.copy(logs = page.logs, next = page.next, upcoming = upcoming, listTrouble = null) }
        }

    override fun loadMore() =
        read {
            val next = states.value.next ?: return@read
            val page = strength.history(WorkoutLogQuery(limit = PAGE.toUInt(), after = next))
            states.update { it.copy(logs = it.logs.orEmpty() + page.logs, next = page.next) }
        }

    override fun open(day: ProgramDay) = onOpen(day)

    private fun read(call: suspend () -> Unit) {
        reads.read({ trouble -> states.update { it.copy(listTrouble = trouble) } }, call)
    }

    private companion object {
        const val PAGE = 30

        /** The core's limit of a page. */
        const val MOST = 1_000
    }
}
