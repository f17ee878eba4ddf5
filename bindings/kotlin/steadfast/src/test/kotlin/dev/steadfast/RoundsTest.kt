package dev.steadfast

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** Nothing is left of a client that was used. */
class RoundsTest {
    @TempDir
    lateinit var folder: File

    private data class Held(val files: List<String>, val threads: List<String>, val residentMb: Long)

    @Test
    @Timeout(120)
    fun `10,000 clients that were opened and closed leave no file, no thread and no memory behind`() =
        runBlocking(Dispatchers.Default) {
            rounds(1_000)
            val before = held()
            val start = System.nanoTime()
            rounds(10_000)
            val roundUs = (System.nanoTime() - start) / 10_000 / 1_000
            val after = held()
            println("rounds: $roundUs us each, resident ${before.residentMb} MB before, ${after.residentMb} MB after")
            assertEquals(before.files, after.files)
            assertEquals(before.threads, after.threads)
            assertTrue(after.residentMb < before.residentMb + 100, "from ${before.residentMb} to ${after.residentMb} MB")
        }

    /** In two folders at a time. */
    private suspend fun rounds(count: Int) =
        coroutineScope {
            for (lane in 0 until LANES) {
                launch {
                    val config = Config(folder.resolve("$lane"))
                    repeat(count / LANES) { round(config) }
                }
            }
        }

    private suspend fun round(config: Config) =
        SteadfastClient.open(config, listener).use { client ->
            // As an app does: nobody closes these.
            assertEquals(null, client.recorder().activeId())
            client.subscribe()
        }

    private val listener =
        object : EventListener {
            override fun onEvent(event: Event) = Unit
        }

    /** What the process holds, once the core's threads have come to their ends and the collector has run. */
    private fun held(): Held {
        val memory = "steadfast-"
        repeat(100) {
            if (threads().none { it.startsWith(memory) }) return@repeat
            Thread.sleep(100)
        }
        System.gc()
        return Held(files(), threads().filter { it.startsWith(memory) }, residentMb())
    }

    private fun files() =
        File("/proc/self/fd")
            .listFiles()
            .orEmpty()
            .mapNotNull { runCatching { it.canonicalPath }.getOrNull() }
            .filter { it.startsWith(folder.path) }
            .sorted()

    private fun threads() =
        File("/proc/self/task")
            .listFiles()
            .orEmpty()
            .mapNotNull { task -> runCatching { task.resolve("comm").readText().trim() }.getOrNull() }
            .sorted()

    private fun residentMb() =
        File("/proc/self/status")
            .readLines()
            .first { it.startsWith("VmRSS") }
            .filter { it.isDigit() }
            .toLong() / 1024

    private companion object {
        const val LANES = 2
    }
}
