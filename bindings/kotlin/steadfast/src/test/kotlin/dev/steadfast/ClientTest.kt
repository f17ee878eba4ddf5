package dev.steadfast

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertSame
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.use as useAutoCloseable

class ClientTest {
    @TempDir
    lateinit var folder: File
    private val clock = ManualClock(Run.start)

    @Test
    fun `after use the folder can be opened again while a recorder is still held`() =
        runBlocking {
            val held = SteadfastClient.open(Config(folder)).use { it.recorder() }
            SteadfastClient.open(Config(folder)).use { assertEquals(null, it.recorder().activeId()) }
            held.close()
        }

    @Test
    fun `close closes the store, as Kotlin's own use and Java's try expect`() =
        runBlocking {
            val held = SteadfastClient.open(Config(folder)).useAutoCloseable { it.recorder() }
            SteadfastClient.open(Config(folder)).close()
            held.close()
        }

    @Test
    fun `a second client of a folder is refused while the first is open`() =
        runBlocking {
            SteadfastClient.open(Config(folder)).use {
                val refusal = assertFailsWith<SteadfastException.Storage> { SteadfastClient.open(Config(folder)) }
                assertEquals(StorageCode.IN_USE, refusal.code)
            }
        }

    @Test
    fun `use closes after an exception, and passes it on`() =
        runBlocking {
            val failure = IllegalStateException("of the app")
            val thrown = assertFailsWith<IllegalStateException> { SteadfastClient.open(Config(folder)).use { throw failure } }
            assertSame(failure, thrown)
            SteadfastClient.open(Config(folder)).close()
        }

    @Test
    fun `use closes when its coroutine is cancelled`() =
        runBlocking {
            val job =
                launch(Dispatchers.Default) {
                    SteadfastClient.open(Config(folder)).use {
                        it.events.collect { }
                    }
                }
            while (!File(folder, "steadfast.lock").exists()) Thread.onSpinWait()
            job.cancel()
            job.join()
            SteadfastClient.open(Config(folder)).close()
        }

    @Test
    fun `an opening that is cancelled leaves the folder free`() =
        runBlocking {
            var cancelled = 0
            for (delayUs in 0..4_000L step 100) {
                val opening =
                    CoroutineScope(Dispatchers.Default).launch(start = CoroutineStart.UNDISPATCHED) {
                        SteadfastClient.open(Config(folder)).close()
                    }
                val until = System.nanoTime() + delayUs * 1000
                while (System.nanoTime() < until) Thread.onSpinWait()
                opening.cancel()
                opening.join()
                if (opening.isCancelled) cancelled++
                SteadfastClient.open(Config(folder)).close()
            }
            assertTrue(cancelled > 0)
        }

    @Test
    fun `after shutdown every call says that the store is closed`() =
        runBlocking {
            val client = SteadfastClient.open(Config(folder), clock)
            val recorder = client.recorder()
            val activities = client.activities()
            recorder.startRun(clock)
            client.shutdown()
            client.shutdown()
            val calls =
                listOf<suspend () -> Unit>(
                    { recorder.run(clock, 2) },
                    { recorder.start(StartOptions(ActivityKind.RUNNING)) },
                    { recorder.pause() },
                    { recorder.save() },
                    { recorder.recovery() },
                    { activities.list(ActivityQuery()) },
                    { client.maintenance().checkIntegrity() },
                )
            for (call in calls) {
                val closed = assertFailsWith<SteadfastException.Storage> { call() }
                assertEquals(StorageCode.CLOSED, closed.code)
                assertTrue(closed.message.startsWith(closed.summary), closed.message)
            }
            client.close()
        }

    @Test
    fun `what was being recorded at shutdown is offered when the folder is opened again`() =
        runBlocking {
            val id = SteadfastClient.open(Config(folder), clock).use { it.recorder().startRun(clock) }
            SteadfastClient.open(Config(folder), clock).use { client ->
                val offered = client.recorder().recovery().single()
                assertEquals(id, offered.id)
                assertEquals(60uL, offered.sampleCount)
                assertEquals(RecordingState.RECORDING, client.recorder().resumeFresh()?.state)
                assertEquals(60uL, client.recorder().save().sampleCount)
            }
        }

    @Test
    fun `a suspended store takes samples and refuses reads until it is resumed`() =
        runBlocking {
            SteadfastClient.open(Config(folder), clock).use { client ->
                client.recorder().startRun(clock)
                client.suspendStorage(deadline = 500.milliseconds)
                val refusal = assertFailsWith<SteadfastException.Storage> { client.activities().list(ActivityQuery()) }
                assertEquals(StorageCode.SUSPENDED, refusal.code)
                client.recorder().run(clock, 10)
                client.resumeStorage()
                assertEquals(70uL, client.recorder().save().sampleCount)
            }
        }

    @Test
    fun `a configuration written to a log does not show the recovery key`() {
        val key = ByteArray(32) { 77 }
        assertTrue("77, 77" !in Config(folder, recoveryKey = key).toString())
    }

    @Test
    fun `a recovery key of another length is refused`() =
        runBlocking {
            val refusal =
                assertFailsWith<SteadfastException.Validation> { SteadfastClient.open(Config(folder, recoveryKey = ByteArray(3))) }
            assertEquals("recovery_key", refusal.field)
        }
}
