package dev.steadfast

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart.UNDISPATCHED
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.launchIn
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.CountDownLatch
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

class EventsTest {
    @TempDir
    lateinit var folder: File
    private val clock = ManualClock(Run.start)

    private fun test(body: suspend CoroutineScope.(SteadfastClient) -> Unit) =
        runBlocking { SteadfastClient.open(Config(folder), clock).use { body(it) } }

    @Test
    fun `every collector is told everything from its start on, in order`() =
        test { client ->
            val all = CopyOnWriteArrayList<Event>()
            val late = CopyOnWriteArrayList<Event>()
            val recorder = client.recorder()

            fun collect(into: MutableList<Event>) = launch(Dispatchers.Default, start = UNDISPATCHED) { client.events.toList(into) }

            fun told(event: Event) = event.also { while (it !in all) Thread.onSpinWait() }
            val first = collect(all)
            val id = recorder.startRun(clock)
            val started = told(Event.Recording(id, RecordingState.RECORDING, 0uL))
            val second = collect(late)
            recorder.pause()
            val paused = told(Event.Recording(id, RecordingState.PAUSED, 0uL))
            recorder.save()
            val saved = told(Event.Changed(ChangedEntity.ACTIVITY, id))
            client.shutdown()
            first.join()
            second.join()
            assertEquals(listOf(started, paused, saved), all.filter { it == started || it == paused || it == saved })
            assertEquals(listOf(paused, saved), late.filter { it == started || it == paused || it == saved })
        }

    @Test
    fun `a slow collector delays nobody, and gets the newest status and every change`() =
        test { client ->
            val recorder = client.recorder()
            val seen = CopyOnWriteArrayList<Event>()
            val isBusy = CompletableDeferred<Unit>()
            val goOn = CompletableDeferred<Unit>()
            val slow =
                launch(Dispatchers.Default, start = UNDISPATCHED) {
                    client.events.collect {
                        seen += it
                        isBusy.complete(Unit)
                        goOn.await()
                    }
                }
            val first = recorder.startRun(clock)
            isBusy.await()
            recorder.save()
            val second = recorder.startRun(clock)
            repeat(500) {
                recorder.pause()
                recorder.resume()
            }
            recorder.pause()
            val end = async(start = UNDISPATCHED) { client.events.first { it is Event.Recording } }
            recorder.resume()
            end.await()
            goOn.complete(Unit)
            while (Event.Recording(second, RecordingState.RECORDING, 0uL) !in seen) Thread.onSpinWait()
            slow.cancel()
            assertTrue(Event.Changed(ChangedEntity.ACTIVITY, first) in seen)
            assertTrue(seen.size < 20, "${seen.size} events")
        }

    @Test
    fun `collecting ends normally when the client is shut down, and at once when it is or when it is closed`() =
        test { client ->
            val collecting = async(start = UNDISPATCHED) { client.events.toList() }
            client.shutdown()
            assertEquals(emptyList(), collecting.await())
            assertEquals(emptyList(), client.events.toList())
            client.close()
            assertEquals(emptyList(), client.events.toList())
        }

    @Test
    fun `a collector that stops is forgotten and can start again`() =
        test { client ->
            repeat(3) {
                val changed = async(start = UNDISPATCHED) { client.events.filterIsInstance<Event.Changed>().first() }
                val id = client.recorder().startRun(clock)
                client.recorder().save()
                assertEquals(id, changed.await().id)
            }
        }

    @Test
    fun `a collector without a thread of its own calls back into the client`() =
        test { client ->
            val seen = CopyOnWriteArrayList<RecordingState?>()
            val unconfined = CoroutineScope(Dispatchers.Unconfined)
            val collecting =
                client.events
                    .onEach {
                        seen += client.recorder().live()?.state
                        client.subscribe().close()
                    }.launchIn(unconfined)
            client.recorder().startRun(clock)
            client.recorder().pause()
            while (RecordingState.PAUSED !in seen) Thread.onSpinWait()
            client.shutdown()
            collecting.join()
        }

    /** The core has one thread that wakes all that wait. */
    @Test
    fun `a collector without a thread of its own may block and delays no other`() =
        test { client ->
            val isBlocking = CountDownLatch(1)
            val goOn = CountDownLatch(1)
            val blocking =
                client.events
                    .onEach {
                        isBlocking.countDown()
                        goOn.await()
                    }.launchIn(CoroutineScope(Dispatchers.Unconfined))
            val id = client.recorder().startRun(clock)
            isBlocking.await()
            val changed = async(Dispatchers.Default, start = UNDISPATCHED) { client.events.first { it is Event.Changed } }
            client.recorder().save()
            assertEquals(Event.Changed(ChangedEntity.ACTIVITY, id), changed.await())
            goOn.countDown()
            blocking.cancel()
        }
}
