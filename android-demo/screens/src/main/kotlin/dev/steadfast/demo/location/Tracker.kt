package dev.steadfast.demo.location

import dev.steadfast.Recorder
import dev.steadfast.RecordingState
import dev.steadfast.SteadfastException
import dev.steadfast.liveStatistics
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch

/** Keeps fixes coming to the recorder while a workout is in progress. */
interface Tracker {
    /**
     * To be called when a workout was started or taken up again. Ends by itself when the workout is finished, saved or discarded;
     * does nothing while it runs already.
     */
    fun track()
}

/** Brings the fixes of [source] to [recorder] for as long as [scope] lives: for replays, and where no service is needed. */
class ForegroundTracker(
    private val recorder: Recorder,
    private val source: LocationSource,
    private val scope: CoroutineScope,
    private val dispatcher: CoroutineDispatcher = Dispatchers.IO,
) : Tracker {
    private var job: Job? = null

    @Synchronized
    override fun track() {
        if (job?.isActive == true) return
        job =
            scope.launch(dispatcher) {
                val feeding = launch { feed() }
                recorder.liveStatistics().first { it == null || it.state == RecordingState.STOPPED }
                feeding.cancel()
            }
    }

    /** `not_recording` and `storage_closed` are all that can come here: both say that there is nothing left to bring fixes to. */
    private suspend fun feed() =
        try {
            coroutineScope {
                launch { source.readings.collect { recorder.addReadings(it) } }
                source.samples.collect { recorder.addSamples(it) }
            }
        } catch (_: SteadfastException) {
        }
}
