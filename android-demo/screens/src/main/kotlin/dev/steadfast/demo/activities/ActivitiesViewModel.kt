package dev.steadfast.demo.activities

import dev.steadfast.ActivityQuery
import dev.steadfast.Event
import dev.steadfast.ImportReport
import dev.steadfast.SteadfastClient
import dev.steadfast.demo.app.Attempts
import dev.steadfast.demo.app.Reads
import dev.steadfast.demo.app.Shell
import dev.steadfast.events
import dev.steadfast.importFile
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import java.util.UUID

/**
 * The list's view model: pages as they are needed, anew when a stored activity changes.
 *
 * @param onOpen shows an activity
 */
class ActivitiesViewModel(
    private val client: SteadfastClient,
    private val shell: Shell,
    private val attempts: Attempts,
    scope: CoroutineScope,
    private val onOpen: (UUID) -> Unit,
) : ActivitiesActions {
    private val activities = client.activities()
    private val states = MutableStateFlow(ActivitiesState())
    private val reads = Reads(attempts)
    private var importing: Job? = null

    val state: StateFlow<ActivitiesState> = states.asStateFlow()

    init {
        scope.launch { client.events.filterIsInstance<Event.Changed>().conflate().collect { refresh() } }
        refresh()
    }

    /** As many as were there, so that the place in the list stays. */
    override fun refresh() =
        read { state ->
            val size = maxOf(PAGE, state.activities?.size ?: 0).coerceAtMost(MOST)
            val page = activities.list(ActivityQuery(limit = size.toUInt()))
            states.update { it.copy(activities = page.activities, next = page.next, listTrouble = null) }
        }

    override fun loadMore() =
        read { state ->
            val next = state.next ?: return@read
            val page = activities.list(ActivityQuery(limit = PAGE.toUInt(), after = next))
            states.update { it.copy(activities = it.activities.orEmpty() + page.activities, next = page.next) }
        }

    override fun open(id: UUID) = onOpen(id)

    override fun importFile() {
        if (importing?.isActive == true) return
        importing =
            attempts.attempt({ trouble -> states.update { it.copy(import = null, trouble = trouble) } }) {
                val path = shell.pickFile() ?: return@attempt
                states.update { it.copy(import = ImportState()) }
                val progress =
                    launch(start = CoroutineStart.UNDISPATCHED) { client.events.filterIsInstance<Event.Progress>().collect(::show) }
                try {
                    val report = activities.importFile(path)
                    states.update { it.copy(report = report.summary()) }
                } finally {
                    progress.cancel()
                }
            }
        importing?.invokeOnCompletion { states.update { it.copy(import = null) } }
    }

    override fun cancelImport() {
        states.update { it.copy(import = it.import?.copy(isCancelling = true)) }
        importing?.cancel()
    }

    override fun dismissReport() = states.update { it.copy(report = null) }

    override fun dismissTrouble() = states.update { it.copy(trouble = null) }

    /** One page at a time, each from the state that the one before left. */
    private fun read(call: suspend (ActivitiesState) -> Unit) {
        reads.read({ trouble -> states.update { it.copy(listTrouble = trouble) } }) {
            states.update { it.copy(isLoading = true) }
            try {
                call(states.value)
            } finally {
                states.update { it.copy(isLoading = false) }
            }
        }
    }

    private fun show(event: Event.Progress) {
        // With an id it is a save's.
        if (event.workoutId == null) states.update { it.copy(import = it.import?.copy(progress = event.progress)) }
    }

    private companion object {
        const val PAGE = 30

        /** The core's limit of a page. */
        const val MOST = 1_000
    }
}

private fun ImportReport.summary() = ImportSummary(activities.count { it.isNew }, activities.count { !it.isNew }, skipped.map { it.reason })
