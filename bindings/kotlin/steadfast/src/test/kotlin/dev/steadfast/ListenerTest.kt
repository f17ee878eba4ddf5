package dev.steadfast

import com.sun.jna.Native
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit.SECONDS
import java.util.concurrent.atomic.AtomicReference
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTime

class ListenerTest {
    @TempDir
    lateinit var folder: File
    private val clock = ManualClock(Run.start)

    private fun test(listener: EventListener, body: suspend (SteadfastClient) -> Unit) =
        runBlocking { SteadfastClient.openWithClock(Config(folder), listener, clock).use { body(it) } }

    private suspend fun recordAndSave(client: SteadfastClient) {
        val id = client.recorder().startRun(clock)
        client.recorder().pause()
        client.recorder().resume()
        client.recorder().run(clock, seconds = 60)
        assertEquals(120uL, client.recorder().save().sampleCount)
        assertNotNull(client.activities().get(id))
    }

    @Test
    fun `one that throws is told the next event, and hurts nobody`() {
        val isSaved = CountDownLatch(1)
        val listener =
            listener { event ->
                if (event is Event.Changed) isSaved.countDown()
                // An app's bug may be an Error as well as an Exception.
                if (event is Event.Recording) error("of the listener") else throw NotImplementedError()
            }
        val reporting = Native.getCallbackExceptionHandler()
        Native.setCallbackExceptionHandler { callback, error ->
            if (error !is NotImplementedError) reporting.uncaughtException(callback, error)
        }
        try {
            test(listener) {
                recordAndSave(it)
                assertTrue(isSaved.await(10, SECONDS))
            }
        } finally {
            Native.setCallbackExceptionHandler(reporting)
        }
    }

    @Test
    fun `one that blocks for 10 seconds delays neither recording nor saving nor closing, and is not called after it`() {
        val isBlocking = CountDownLatch(1)
        val isOver = CountDownLatch(1)
        val calls = CopyOnWriteArrayList<Event>()
        val listener =
            listener {
                calls += it
                isBlocking.countDown()
                Thread.sleep(10_000)
                isOver.countDown()
            }
        val took =
            measureTime {
                test(listener) {
                    recordAndSave(it)
                    assertTrue(isBlocking.await(10, SECONDS))
                }
            }
        assertTrue(took < 5.seconds, "$took")
        assertTrue(isOver.await(20, SECONDS))
        assertEquals(1, calls.size, "$calls were delivered, the rest after the client was gone")
    }

    @Test
    fun `one that calls back into the client is answered, and may shut it down`() {
        val client = AtomicReference<SteadfastClient>()
        val isRecording = CountDownLatch(1)
        val isShutDown = CountDownLatch(1)
        val listener =
            listener { event ->
                if (client.get().recorder().live()?.state == RecordingState.RECORDING) isRecording.countDown()
                runBlocking { client.get().activities().list(ActivityQuery()) }
                if (event is Event.Changed) {
                    client.get().shutdown()
                    isShutDown.countDown()
                }
            }
        test(listener) {
            client.set(it)
            it.recorder().startRun(clock)
            // Events are told by a thread that may be late: after a save nobody would see the recording any more.
            assertTrue(isRecording.await(10, SECONDS))
            assertEquals(60uL, it.recorder().save().sampleCount)
            assertTrue(isShutDown.await(10, SECONDS))
        }
    }

    @Test
    fun `of what waits at shutdown nothing is delivered`() {
        val calls = CopyOnWriteArrayList<Event>()
        val slow =
            listener {
                calls += it
                Thread.sleep(20)
            }
        repeat(5) {
            test(slow) { client ->
                recordAndSave(client)
                client.shutdown()
                val told = calls.size
                // A start, a stop, five phases and a change of the activity were to be told, one each 20 ms.
                Thread.sleep(300)
                assertTrue(calls.size <= told + 1, "${calls.size - told} after shutdown, of which one may have been under way")
            }
        }
        assertTrue(calls.isNotEmpty())
    }

    @Test
    fun `it is called on one thread, which does not hold up the end of the JVM`() {
        val threads = CopyOnWriteArrayList<Thread>()
        test(listener { threads += Thread.currentThread() }) { client ->
            recordAndSave(client)
            while (threads.size < 3) Thread.onSpinWait()
            assertTrue(threadOfTheCore(client).isDaemon)
        }
        assertEquals("steadfast-events", threads.toSet().single().name)
        assertTrue(threads.first().isDaemon)
    }

    /** Where a coroutine without a thread of its own goes on after a call, unless the answer was there at once. */
    private suspend fun threadOfTheCore(client: SteadfastClient): Thread =
        withContext(Dispatchers.Unconfined) {
            val own = Thread.currentThread()
            while (Thread.currentThread() == own) client.activities().list(ActivityQuery())
            Thread.currentThread()
        }

    private fun listener(told: (Event) -> Unit) =
        object : EventListener {
            override fun onEvent(event: Event) = told(event)
        }
}
