package dev.steadfast.android

import dev.steadfast.LiveStatistics
import dev.steadfast.Recorder
import dev.steadfast.RecordingState
import dev.steadfast.SteadfastException
import dev.steadfast.ValidationCode
import dev.steadfast.liveStatistics
import kotlinx.coroutines.cancelChildren
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.collectLatest
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.filterNotNull
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.takeWhile
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** Follows the workout in progress, whoever starts, pauses or ends it: gives it positions while it runs, and says what is to be shown. */
internal class RecordingFollower(
    private val recorder: Recorder,
    private val positions: PositionSource,
    private val wakeLock: RecordingWakeLock,
    private val problem: MutableStateFlow<RecordingProblem?>,
    private val show: (RecordingStatus) -> Unit,
    private val onFinished: () -> Unit,
) {
    private val attempt = MutableStateFlow(0)

    /** Until nothing is recorded any more: saved, discarded, or the client was closed. */
    suspend fun follow(): Unit =
        coroutineScope {
            launch { collectPositions() }
            launch { problem.collect { now -> recorder.live()?.let { show(RecordingStatus(it, now)) } } }
            launch { workout().map { it.state }.distinctUntilChanged().collect { if (it == RecordingState.STOPPED) onFinished() } }
            workout().collect { show(RecordingStatus(it, problem.value)) }
            coroutineContext.cancelChildren()
        }

    /** Asks the source again, after something that was in its way may be gone. */
    fun tryPositionsAgain() = attempt.update { it + 1 }

    private fun workout(): Flow<LiveStatistics> = recorder.liveStatistics().takeWhile { it != null }.filterNotNull()

    private suspend fun collectPositions() {
        val isWanted = workout().map { it.wantsPositions }.distinctUntilChanged()
        combine(isWanted, attempt) { wanted, _ -> wanted }.collectLatest { wanted ->
            if (!wanted) return@collectLatest
            wakeLock.renew()
            try {
                positions.updates().collect { take(it) }
            } finally {
                wakeLock.release()
            }
        }
    }

    private fun take(update: PositionUpdate) {
        when (update) {
            is PositionUpdate.Unavailable -> {
                problem.value = update.problem
            }

            PositionUpdate.Available -> {
                clearLocationProblem()
            }

            is PositionUpdate.Fixes -> {
                wakeLock.renew()
                clearLocationProblem()
                record(update)
            }
        }
    }

    private fun record(fixes: PositionUpdate.Fixes) {
        try {
            recorder.addSamples(fixes.samples)
        } catch (error: SteadfastException) {
            // Stopped a moment ago; the source is being switched off.
            if (!error.isNotRecording) problem.value = RecordingProblem.Failed(error)
        }
    }

    private fun clearLocationProblem() = problem.update { now -> now?.takeUnless { it.isAboutLocation } }
}

private val LiveStatistics.wantsPositions: Boolean
    get() = !kind.isIndoor() && (state == RecordingState.RECORDING || state == RecordingState.AUTO_PAUSED)

/** A command or a fix came too late: no fault of anybody. */
internal val SteadfastException.isNotRecording: Boolean
    get() = this is SteadfastException.Validation && code == ValidationCode.NOT_RECORDING
