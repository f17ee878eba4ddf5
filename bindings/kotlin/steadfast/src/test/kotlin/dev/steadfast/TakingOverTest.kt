package dev.steadfast

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith

class TakingOverTest {
    @TempDir
    lateinit var folder: File
    private val clock = ManualClock(Run.start)
    private val sessions = listOf(ProgramSessionImport(ProgramDay("5x5", 1u, 1u), intensity = Intensity.EASY))
    private val entries = listOf(NewProgressEntry(MetricKind.MOOD, 7.0, MetricUnit.SCORE, Run.start, externalId = "1"))
    private val logs = listOf(NewHabitLog("smoke", Run.start, externalId = "1"))
    private val steps = HealthRecord(HealthSource.HEALTH_CONNECT, "1", MetricKind.STEPS, 9.0, MetricUnit.COUNT, Run.start, Run.start)
    private val records = listOf(steps)

    private fun earlierStore(): File =
        folder.resolve("earlier.json").apply {
            writeText("""{"format_version": 1, "program_sessions": [{"program_id": "5x5", "week": 2, "day": 1, "intensity": "hard"}]}""")
        }

    private fun test(body: suspend (SteadfastClient) -> Unit) =
        runBlocking { SteadfastClient.open(Config(folder.resolve("data")), clock).use { body(it) } }

    @Test
    fun `what an earlier store and a health store hold is taken over once`() =
        test { client ->
            for (count in listOf(1uL, 0uL)) {
                assertEquals(count, client.migration().migrateFile(earlierStore()).programSessions.imported)
                assertEquals(count, client.programs().migrate(sessions).imported)
                assertEquals(count, client.metrics().migrate(entries).imported)
                assertEquals(count, client.habits().migrate(logs).imported)
                assertEquals(count, client.metrics().importHealth(records).imported)
            }
        }

    @Test
    fun `a coroutine that is cancelled already takes nothing over`() =
        test { client ->
            val calls =
                listOf<suspend () -> Any>(
                    { client.migration().migrateFile(earlierStore()) },
                    { client.programs().migrate(sessions) },
                    { client.metrics().migrate(entries) },
                    { client.habits().migrate(logs) },
                    { client.metrics().importHealth(records) },
                )
            for (call in calls) {
                runBlocking {
                    launch {
                        cancel()
                        assertFailsWith<CancellationException> { call() }
                    }.join()
                }
            }
            assertEquals(0uL, client.outbox().statistics().pending)
        }
}
