package dev.steadfast.demo.app

import dev.steadfast.SteadfastClient
import dev.steadfast.demo.activities.ActivitiesViewModel
import dev.steadfast.demo.detail.DetailViewModel
import dev.steadfast.demo.format.Units
import dev.steadfast.demo.location.Tracker
import dev.steadfast.demo.record.RecordViewModel
import dev.steadfast.demo.recovery.RecoveryViewModel
import dev.steadfast.demo.save.SaveState
import dev.steadfast.demo.save.SaveViewModel
import dev.steadfast.demo.training.TrainingViewModel
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.job
import kotlinx.coroutines.plus
import java.time.Instant
import java.time.ZoneId
import java.util.UUID

/**
 * The app over one open client: its view models, and where the person is.
 *
 * It outlives a turned screen: the platform keeps it for as long as the process lives.
 *
 * @param scope for as long as the client is open
 * @param dispatcher for calls of the core, which may wait for the disk
 * @param now the clock that the core has too
 */
class AppModel(
    private val client: SteadfastClient,
    tracker: Tracker,
    private val shell: Shell,
    zone: ZoneId,
    units: Units,
    private val scope: CoroutineScope,
    private val dispatcher: CoroutineDispatcher = Dispatchers.IO,
    now: () -> Instant = Instant::now,
) {
    private val attempts = Attempts(scope, dispatcher)
    private val chosenUnits = MutableStateFlow(units)
    private val tabs = MutableStateFlow(Tab.RECORD)
    private val details = MutableStateFlow<OpenDetail?>(null)

    val units: StateFlow<Units> = chosenUnits.asStateFlow()
    val tab: StateFlow<Tab> = tabs.asStateFlow()

    /** The activity that is looked at; `null` for none. */
    val detail: StateFlow<OpenDetail?> = details.asStateFlow()

    val save: SaveViewModel =
        SaveViewModel(client, attempts) { saved ->
            recovery.look()
            if (saved != null) {
                record.clear()
                tabs.value = Tab.ACTIVITIES
                open(saved.id)
            }
        }
    val record: RecordViewModel = RecordViewModel(client, tracker, shell, zone, attempts, scope, save::save)
    val recovery: RecoveryViewModel = RecoveryViewModel(client, tracker, attempts, save::saveRecovered)
    val activities = ActivitiesViewModel(client, shell, attempts, scope, ::open)

    private val calendar = Calendar(zone, now)
    val places = Places(client, calendar, scope, dispatcher)
    val training = TrainingViewModel(client, calendar, attempts, scope, places::go)

    /** Whether [back] has somewhere to go. */
    val canGoBack: StateFlow<Boolean> =
        combine(save.state, details, tabs) { save, detail, tab -> save !is SaveState.Idle || detail != null || tab != Tab.RECORD }
            .stateIn(scope, SharingStarted.Eagerly, false)

    init {
        recovery.look()
    }

    fun choose(tab: Tab) {
        tabs.value = tab
    }

    /** One step back. False if there is none, and the app may be left. */
    fun back(): Boolean {
        when {
            save.state.value is SaveState.Saving -> Unit
            save.state.value is SaveState.Failed -> save.dismiss()
            details.value != null -> closeDetail()
            tabs.value == Tab.TRAINING && places.back() -> Unit
            tabs.value != Tab.RECORD -> tabs.value = Tab.RECORD
            else -> return false
        }
        return true
    }

    private fun open(id: UUID) {
        closeDetail()
        val screen = scope + SupervisorJob(scope.coroutineContext.job)
        details.value =
            OpenDetail(DetailViewModel(client, id, chosenUnits, shell, Attempts(screen, dispatcher), screen, ::closeDetail), screen)
    }

    private fun closeDetail() {
        val open = details.value ?: return
        details.value = null
        open.scope.cancel()
    }
}

/** A detail screen and the scope that ends with it. */
class OpenDetail internal constructor(val model: DetailViewModel, internal val scope: CoroutineScope)
