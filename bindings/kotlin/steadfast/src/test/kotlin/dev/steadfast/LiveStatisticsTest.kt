package dev.steadfast

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart.UNDISPATCHED
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.launchIn
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

class LiveStatisticsTest {
    @TempDir
    lateinit var folder: File
    private val clock = ManualClock(Run.start)

    private fun test(body: suspend CoroutineScope.(SteadfastClient) -> Unit) =
        runBlocking { SteadfastClient.open(Config(folder), clock).use { body(it) } }

    @Test
    fun `the state now comes first, then every state that lasts`() =
        test { client ->
            val recorder = client.recorder()
            assertNull(recorder.liveStatistics().first())
            val states = CopyOnWriteArrayList<RecordingState?>()
            val following = launch(Dispatchers.Default, start = UNDISPATCHED) { recorder.liveStatistics().collect { states += it?.state } }

            fun awaitState(state: RecordingState?) {
                while (states.lastOrNull() != state || states.isEmpty()) Thread.onSpinWait()
            }
            awaitState(null)
            recorder.startRun(clock)
            awaitState(RecordingState.RECORDING)
            recorder.pause()
            awaitState(RecordingState.PAUSED)
            assertEquals(RecordingState.PAUSED, recorder.liveStatistics().first()?.state)
            recorder.save()
            awaitState(null)
            client.shutdown()
            following.join()
        }

    @Test
    fun `a slow collector gets the newest numbers, not a queue`() =
        test { client ->
            val recorder = client.recorder()
            recorder.startRun(clock)
            val seen = CopyOnWriteArrayList<ULong>()
            val isBusy = CompletableDeferred<Unit>()
            val goOn = CompletableDeferred<Unit>()
            val slow =
                launch(Dispatchers.Default) {
                    recorder.liveStatistics().collect {
                        seen += checkNotNull(it).acknowledgedSamples
                        isBusy.complete(Unit)
                        goOn.await()
                    }
                }
            isBusy.await()
            repeat(1_000) { recorder.run(clock, seconds = 1) }
            recorder.liveStatistics().first { it?.acknowledgedSamples == 1_060uL }
            goOn.complete(Unit)
            while (seen.last() != 1_060uL) Thread.onSpinWait()
            slow.cancel()
            assertTrue(seen.size < 20, "$seen")
        }

    @Test
    fun `it ends normally with the client`() =
        test { client ->
            val recorder = client.recorder()
            recorder.startRun(clock)
            val following = async(start = UNDISPATCHED) { recorder.liveStatistics().toList() }
            client.shutdown()
            following.await()
            assertEquals(emptyList(), recorder.liveStatistics().toList())
        }

    @Test
    fun `as a state it is right at once and without a collector, and null after the client is gone`() =
        test { client ->
            val recorder = client.recorder()
            recorder.startRun(clock)
            val scope = CoroutineScope(Dispatchers.Default)
            val state = recorder.liveStatistics(scope)
            assertEquals(60uL, assertNotNull(state.value).acknowledgedSamples)
            recorder.run(clock, seconds = 10)
            while (state.value?.acknowledgedSamples != 70uL) Thread.onSpinWait()
            client.shutdown()
            assertNull(state.first { it == null })
            scope.cancel()
        }

    @Test
    fun `a collector without a thread of its own calls back into the recorder`() =
        test { client ->
            val recorder = client.recorder()
            val seen = CopyOnWriteArrayList<RecordingState?>()
            val following =
                recorder
                    .liveStatistics()
                    .onEach { seen += recorder.live()?.state }
                    .launchIn(CoroutineScope(Dispatchers.Unconfined))
            recorder.startRun(clock)
            recorder.pause()
            while (RecordingState.PAUSED !in seen) Thread.onSpinWait()
            client.shutdown()
            following.join()
        }
}
