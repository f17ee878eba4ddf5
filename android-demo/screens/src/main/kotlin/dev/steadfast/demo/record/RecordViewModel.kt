package dev.steadfast.demo.record

import dev.steadfast.ActivityKind
import dev.steadfast.LiveStatistics
import dev.steadfast.RecordingState
import dev.steadfast.SaveOptions
import dev.steadfast.StartOptions
import dev.steadfast.SteadfastClient
import dev.steadfast.demo.app.Attempts
import dev.steadfast.demo.app.Shell
import dev.steadfast.demo.location.Tracker
import dev.steadfast.liveStatistics
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.flow.transformLatest
import kotlinx.coroutines.flow.update
import java.time.Instant
import java.time.ZoneId
import kotlin.time.Duration.Companion.seconds

/**
 * The record screen's view model. The workout itself is the core's: this holds what is typed and chosen before and after it.
 *
 * @param onSave takes a finished workout to be saved, under the given title and notes
 */
class RecordViewModel(
    client: SteadfastClient,
    private val tracker: Tracker,
    private val shell: Shell,
    private val zone: ZoneId,
    private val attempts: Attempts,
    scope: CoroutineScope,
    private val onSave: (SaveOptions) -> Unit,
) : RecordActions {
    private val recorder = client.recorder()
    private val form = MutableStateFlow(RecordState(live = recorder.live()))

    /** Follows the recorder while somebody looks, and 5 s longer, so that a turned screen does not start anew. */
    val state: StateFlow<RecordState> =
        combine(form, live(), shell.locationAccess, shell.hindrance) { form, live, access, hindrance ->
            form.copy(live = live, access = access, hindrance = hindrance)
        }.stateIn(scope, SharingStarted.WhileSubscribed(5_000), form.value)

    /** What the core announces, and in between the timer, which runs on while no fix comes: once a second. */
    @OptIn(ExperimentalCoroutinesApi::class)
    private fun live(): Flow<LiveStatistics?> =
        recorder.liveStatistics().transformLatest { announced ->
            emit(announced)
            while (announced?.state == RecordingState.RECORDING) {
                delay(1.seconds)
                emit(recorder.live())
            }
        }

    override fun chooseKind(kind: ActivityKind) = form.update { it.copy(kind = kind) }

    override fun chooseAutoPause(on: Boolean) = form.update { it.copy(autoPause = on) }

    override fun allowLocation() = act { shell.requestLocation() }

    /** Before a workout outdoors the person is asked for the location; whatever the answer is, the workout starts. */
    override fun start() {
        val options = form.value
        val offset = zone.rules.getOffset(Instant.now()).totalSeconds
        act {
            if (!options.kind.isIndoor() && shell.locationAccess.value == LocationAccess.DENIED) shell.requestLocation()
            recorder.start(StartOptions(options.kind, utcOffsetS = offset, autoPause = options.autoPause))
            tracker.track()
        }
    }

    override fun pause() = act { recorder.pause() }

    override fun resume() =
        act {
            recorder.resume()
            tracker.track()
        }

    override fun lap() = act { recorder.lap() }

    override fun finish() = act { recorder.stop() }

    override fun typeTitle(title: String) = form.update { it.copy(title = title) }

    override fun typeNotes(notes: String) = form.update { it.copy(notes = notes) }

    override fun save() = onSave(SaveOptions(title = form.value.title, notes = form.value.notes))

    override fun discard() =
        act {
            recorder.discard()
            clear()
        }

    override fun dismissTrouble() = form.update { it.copy(trouble = null) }

    /** The workout is saved or gone: the next one has a title of its own. */
    fun clear() = form.update { it.copy(title = "", notes = "") }

    private fun act(call: suspend () -> Unit) {
        attempts.attempt({ trouble -> form.update { it.copy(trouble = trouble) } }) { call() }
    }
}
