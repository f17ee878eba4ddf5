package dev.steadfast.demo.save

import dev.steadfast.Activity
import dev.steadfast.Event
import dev.steadfast.SaveOptions
import dev.steadfast.SteadfastClient
import dev.steadfast.demo.app.Attempts
import dev.steadfast.events
import dev.steadfast.save
import dev.steadfast.saveRecovered
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import java.util.UUID

/**
 * Saves a workout, shows how far it is, and keeps what is needed to try again.
 *
 * @param onEnd told when there is nothing left to show: with the activity, or with `null` if there is none
 */
class SaveViewModel(private val client: SteadfastClient, private val attempts: Attempts, private val onEnd: (Activity?) -> Unit) :
    SaveActions {
    private val recorder = client.recorder()
    private val states = MutableStateFlow<SaveState>(SaveState.Idle)
    private var job: Job? = null
    private var last: (suspend () -> Activity)? = null

    val state: StateFlow<SaveState> = states.asStateFlow()

    /** Saves the workout in progress. */
    fun save(options: SaveOptions) = run { recorder.save(options) }

    /** Saves an interrupted workout. */
    fun saveRecovered(id: UUID) = run { recorder.saveRecovered(id) }

    override fun cancel() {
        states.update { if (it is SaveState.Saving) it.copy(isCancelling = true) else it }
        job?.cancel()
    }

    override fun retry() {
        last?.let(::run)
    }

    override fun dismiss() {
        states.value = SaveState.Idle
        onEnd(null)
    }

    private fun run(save: suspend () -> Activity) {
        if (job?.isActive == true) return
        last = save
        states.value = SaveState.Saving()
        job =
            attempts.attempt({ states.value = SaveState.Failed(it) }) {
                // Undispatched: it listens before the save begins.
                val progress =
                    launch(start = CoroutineStart.UNDISPATCHED) { client.events.filterIsInstance<Event.Progress>().collect(::show) }
                try {
                    val saved = save()
                    // Nothing that suspends: what was committed is shown, even if it was cancelled by then.
                    states.value = SaveState.Idle
                    onEnd(saved)
                } finally {
                    progress.cancel()
                }
            }
        job?.invokeOnCompletion { if (states.value is SaveState.Saving) dismiss() }
    }

    private fun show(event: Event.Progress) {
        // Without an id it is an import's.
        if (event.workoutId != null) states.update { if (it is SaveState.Saving) it.copy(progress = event.progress) else it }
    }
}
