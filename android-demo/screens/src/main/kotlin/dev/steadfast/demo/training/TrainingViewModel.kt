package dev.steadfast.demo.training

import dev.steadfast.Event
import dev.steadfast.HabitLogQuery
import dev.steadfast.MetricKind
import dev.steadfast.SteadfastClient
import dev.steadfast.WorkoutLogQuery
import dev.steadfast.demo.app.Attempts
import dev.steadfast.demo.app.Calendar
import dev.steadfast.demo.app.Destination
import dev.steadfast.demo.app.Reads
import dev.steadfast.demo.programs.DemoProgram
import dev.steadfast.events
import dev.steadfast.toLocalDate
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/**
 * The training tab's view model: what there is of each room, anew when a stored row changes or sync goes on.
 *
 * @param onOpen shows a room
 */
class TrainingViewModel(
    private val client: SteadfastClient,
    private val calendar: Calendar,
    attempts: Attempts,
    scope: CoroutineScope,
    private val onOpen: (Destination) -> Unit,
) : TrainingActions {
    private val states = MutableStateFlow(TrainingState())
    private val reads = Reads(attempts)

    val state: StateFlow<TrainingState> = states.asStateFlow()

    init {
        scope.launch { client.events.filter { it is Event.Changed || it is Event.Sync }.conflate().collect { refresh() } }
        refresh()
    }

    override fun refresh() {
        reads.read({ trouble -> states.update { it.copy(trouble = trouble) } }) {
            val sessions = client.programs().progress(DemoProgram.ID)
            val logs = client.strength().history(WorkoutLogQuery(limit = 1u)).logs
            val bodyMass = client.metrics().latest(MetricKind.BODY_MASS)
            val today = calendar.today()
            val since = today.minusDays(1).atStartOfDay(calendar.zone).toInstant()
            val habits = client.habits().list(HabitLogQuery(from = since, limit = HABITS)).logs.count { it.date.toLocalDate() == today }
            val outbox = client.outbox().statistics()
            states.value = TrainingState(sessions.count { it.completedAt != null }, logs.firstOrNull(), bodyMass, habits, outbox)
        }
    }

    override fun open(destination: Destination) = onOpen(destination)

    private companion object {
        /** More than a day has. */
        const val HABITS = 200u
    }
}
