package dev.steadfast.demo.detail

import dev.steadfast.ActivityEdit
import dev.steadfast.Event
import dev.steadfast.FileFormat
import dev.steadfast.SplitUnit
import dev.steadfast.SteadfastClient
import dev.steadfast.TrackQuery
import dev.steadfast.demo.app.Attempts
import dev.steadfast.demo.app.Shell
import dev.steadfast.demo.format.Units
import dev.steadfast.demo.format.extension
import dev.steadfast.demo.trouble.Trouble
import dev.steadfast.events
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import java.util.UUID

/**
 * The detail screen's view model.
 *
 * @param units the whole app's, chosen here
 * @param scope ends when the screen is left
 * @param onClose the screen has nothing left to show
 */
class DetailViewModel(
    private val client: SteadfastClient,
    private val id: UUID,
    private val units: MutableStateFlow<Units>,
    private val shell: Shell,
    private val attempts: Attempts,
    scope: CoroutineScope,
    private val onClose: () -> Unit,
) : DetailActions {
    private val activities = client.activities()
    private val states = MutableStateFlow(DetailState())

    val state: StateFlow<DetailState> =
        combine(states, units) { state, units -> state.copy(units = units) }
            .stateIn(scope, SharingStarted.Eagerly, DetailState(units = units.value))

    init {
        scope.launch { units.collect(::loadSplits) }
        scope.launch { client.events.filterIsInstance<Event.Changed>().collect { if (it.id == id) loadActivity() } }
        reload()
    }

    override fun back() = onClose()

    override fun reload() {
        states.update { it.copy(loadTrouble = null) }
        loadActivity()
        loadTrack()
        loadSplits(units.value)
    }

    override fun chooseUnits(units: Units) {
        this.units.value = units
    }

    override fun startEdit() = states.update { state -> state.copy(edit = state.activity?.let { Draft(it.title, it.notes) }) }

    override fun type(draft: Draft) = states.update { if (it.edit == null) it else it.copy(edit = draft) }

    override fun cancelEdit() = states.update { it.copy(edit = null) }

    override fun saveEdit() {
        val draft = states.value.edit ?: return
        states.update { it.copy(isBusy = true) }
        act {
            val changed = activities.edit(id, ActivityEdit(title = draft.title, notes = draft.notes))
            states.update { it.copy(activity = changed, edit = null) }
        }.invokeOnCompletion { states.update { it.copy(isBusy = false) } }
    }

    override fun export(format: FileFormat) {
        act {
            val path = shell.exportPath("activity-$id.${format.extension}")
            activities.exportFile(id, format, path, dev.steadfast.ExportOptions())
            shell.share(path)
        }
    }

    override fun delete() {
        act {
            activities.delete(id)
            onClose()
        }
    }

    override fun dismissTrouble() = states.update { it.copy(trouble = null) }

    private fun loadActivity() =
        load {
            val activity = activities.get(id)
            states.update { it.copy(activity = activity) }
        }

    /** All rows for the profile, as the altitude of a position that is left out may be a summit; the route can do with fewer. */
    private fun loadTrack() =
        load {
            val route = Route.of(activities.track(id, TrackQuery(toleranceM = ROUTE_TOLERANCE_M)))
            states.update { it.copy(route = route) }
            val profile = ElevationProfile.of(activities.profile(id), activities.track(id, TrackQuery()))
            val laps = activities.laps(id)
            states.update { it.copy(profile = profile, laps = laps) }
        }

    private fun loadSplits(units: Units) {
        load {
            val splits = activities.splits(id, if (units == Units.METRIC) SplitUnit.KILOMETRE else SplitUnit.MILE)
            states.update { it.copy(splits = splits) }
        }
    }

    /** Without the activity there is nothing to show; without its track or its splits there is still the rest. */
    private fun load(call: suspend () -> Unit) {
        attempts.attempt(::failed) { call() }
    }

    private fun failed(trouble: Trouble) =
        states.update {
            if (it.activity ==
                null
            ) {
                it.copy(loadTrouble = trouble)
            } else {
                it.copy(trouble = trouble)
            }
        }

    private fun act(call: suspend () -> Unit) = attempts.attempt({ trouble -> states.update { it.copy(trouble = trouble) } }) { call() }

    private companion object {
        /** Half the width of the line that is drawn, of a route of 2 km on a phone. */
        const val ROUTE_TOLERANCE_M = 5.0
    }
}
