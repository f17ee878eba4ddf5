package dev.steadfast

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.emitAll
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onCompletion
import kotlinx.coroutines.flow.stateIn

/**
 * The workout in progress, now and after every change, whoever makes it; null while nothing is recorded.
 *
 * Conflated: a slow collector gets the newest state. Completes when the client is shut down. The timer runs on between two changes; a screen
 * that shows seconds asks [Recorder.live] for them.
 */
public fun Recorder.liveStatistics(): Flow<LiveStatistics?> =
    flow {
        observe().use { emitAll(pulled { it.next() }.conflate().map { seen -> seen.statistics }) }
    }

/**
 * [liveStatistics] as a state that [scope] holds; null again once the client is shut down.
 *
 * It follows from the start, so that `value` is right whether or not somebody collects; that costs nothing while nothing is recorded.
 */
public fun Recorder.liveStatistics(scope: CoroutineScope, started: SharingStarted = SharingStarted.Eagerly): StateFlow<LiveStatistics?> =
    liveStatistics()
        .onCompletion { if (it == null) emit(null) }
        .stateIn(scope, started, live())
