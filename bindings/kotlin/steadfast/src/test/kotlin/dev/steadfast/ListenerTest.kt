package dev.steadfast

import com.sun.jna.Native
import kotlinx.coroutines.runBlocking
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
        val isShutDown = CountDownLatch(1)
        val states = CopyOnWriteArrayList<RecordingState?>()
        val listener =
            listener { event ->
                states += client.get().recorder().live()?.state
                runBlocking { client.get().activities().list(ActivityQuery()) }
                if (event is Event.Changed) {
                    client.get().shutdown()
                    isShutDown.countDown()
                }
            }
        test(listener) {
            client.set(it)
            recordAndSave(it)
            assertTrue(isShutDown.await(10, SECONDS))
            assertTrue(RecordingState.RECORDING in states)
        }
    }

    @Test
    fun `none is called after shutdown`() {
        val calls = CopyOnWriteArrayList<Event>()
        repeat(50) {
            test(listener { calls += it }) { client ->
                client.recorder().startRun(clock)
                repeat(20) {
                    client.recorder().pause()
                    client.recorder().resume()
                }
                client.shutdown()
                // The call under way when it returned ends on its own.
                Thread.sleep(5)
                val told = calls.size
                Thread.sleep(10)
                assertEquals(told, calls.size)
                client.recorder().close()
            }
            folder.resolve("recovery").deleteRecursively()
        }
        assertTrue(calls.isNotEmpty())
    }

    private fun listener(told: (Event) -> Unit) =
        object : EventListener {
            override fun onEvent(event: Event) = told(event)
        }
}
