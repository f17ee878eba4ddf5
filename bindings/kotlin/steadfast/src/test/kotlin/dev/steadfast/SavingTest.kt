package dev.steadfast

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancel
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertTrue

class SavingTest {
    @TempDir
    lateinit var folder: File
    private val clock = ManualClock(Run.start)

    private fun test(body: suspend CoroutineScope.(SteadfastClient) -> Unit) =
        runBlocking(Dispatchers.Default) {
            SteadfastClient.open(Config(folder), clock).use { body(it) }
        }

    @Test
    fun `a saved workout is what was recorded`() =
        test { client ->
            val id = client.recorder().startRun(clock)
            val activity = client.recorder().save(SaveOptions(title = "Morning"))
            assertEquals(id, activity.id)
            assertEquals("Morning", activity.title)
            assertEquals(60uL, activity.sampleCount)
            assertEquals(177.0, activity.distanceM, 5.0)
            assertEquals(activity, client.activities().get(id))
        }

    @Test
    fun `a save that the core refuses says why, and the recording goes on`() =
        test { client ->
            val recorder = client.recorder()
            recorder.startRun(clock, seconds = 1)
            val refusal = assertFailsWith<SteadfastException.Validation> { recorder.save() }
            assertEquals(ValidationCode.TOO_FEW_SAMPLES, refusal.code)
            recorder.resume()
            recorder.run(clock, 59)
            assertEquals(60uL, recorder.save().sampleCount)
        }

    @Test
    fun `a coroutine that is cancelled already saves nothing`() =
        test { client ->
            val recorder = client.recorder()
            recorder.startRun(clock)
            launch {
                cancel()
                assertFailsWith<CancellationException> { recorder.save() }
            }.join()
            assertEquals(RecordingState.RECORDING, recorder.live()?.state)
            assertEquals(emptyList(), client.activities().list(ActivityQuery()).activities)
        }

    /** Cancelled a little earlier after a save that ended with a value, a little later after one that was given up: both sides of the commit. */
    @Test
    fun `whenever it is cancelled, the workout is saved and returned, or still being recorded`() =
        test { client ->
            val recorder = client.recorder()
            var delayNs = 1_000_000L
            var saved = 0
            var savedThoughCancelled = 0
            var givenUp = 0
            recorder.startRun(clock)
            while (savedThoughCancelled < 10 || givenUp < 10) {
                check(saved + givenUp < 1_000) { "given up $givenUp, saved though cancelled $savedThoughCancelled" }
                val id = checkNotNull(recorder.activeId())
                val outcome = saveAndCancelAfter(recorder, delayNs)
                outcome
                    .onSuccess { wasCancelled ->
                        assertEquals(id, client.activities().get(id).id)
                        saved++
                        if (wasCancelled) savedThoughCancelled++
                        delayNs -= delayNs / 20
                        recorder.startRun(clock)
                    }.onFailure { error ->
                        assertIs<CancellationException>(error)
                        val notStored = assertFailsWith<SteadfastException.Validation> { client.activities().get(id) }
                        assertEquals(ValidationCode.NOT_FOUND, notStored.code)
                        givenUp++
                        delayNs += delayNs / 20 + 1_000
                        assertEquals(60uL, recorder.live()?.acknowledgedSamples)
                        recorder.resume()
                    }
            }
            assertEquals(saved, client.activities().list(ActivityQuery(limit = 1000u)).activities.size)
        }

    /** True if the coroutine was cancelled when it got the activity. A cancelled `Deferred` would hide that there was one. */
    private suspend fun saveAndCancelAfter(recorder: Recorder, delayNs: Long): Result<Boolean> {
        val outcome = CompletableDeferred<Result<Boolean>>()
        val saving =
            CoroutineScope(Dispatchers.Default).launch(start = CoroutineStart.UNDISPATCHED) {
                outcome.complete(
                    runCatching {
                        recorder.save()
                        !currentCoroutineContext().isActive
                    },
                )
            }
        val until = System.nanoTime() + delayNs
        while (System.nanoTime() < until) Thread.onSpinWait()
        saving.cancel()
        return outcome.await()
    }

    @Test
    fun `an interrupted workout is saved without a token`() {
        lateinit var id: Id
        test { client -> id = client.recorder().startRun(clock) }
        test { client ->
            val offered = client.recorder().recovery().single()
            assertEquals(id, offered.id)
            assertEquals(offered.distanceM, client.recorder().saveRecovered(id).distanceM)
            assertTrue(client.recorder().recovery().isEmpty())
        }
    }
}
