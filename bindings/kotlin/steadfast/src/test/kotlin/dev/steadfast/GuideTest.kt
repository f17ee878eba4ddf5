package dev.steadfast

import dev.steadfast.guide.record_run.recordRun
import dev.steadfast.guide.training_day.trainingDay
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.time.Instant
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** Holds the guide (docs/guide) to what the library does. Its examples are compiled with the tests, from the pages themselves. */
class GuideTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun `ten lines record a run that is stored`() =
        runBlocking {
            val recorded = recordRun(folder, aMinuteNorth())
            assertEquals("Morning run", recorded.title)
            assertEquals(177.0, recorded.distanceM, 5.0)

            SteadfastClient.open(Config(folder)).use { client ->
                assertEquals(recorded, client.activities().get(recorded.id))
                assertEquals(60, client.activities().track(recorded.id, TrackQuery()).size)
                assertEquals(emptyList(), client.recorder().recovery())
            }
        }

    @Test
    fun `a training day and a weight are kept, and wait for a server`() =
        runBlocking {
            val weight = trainingDay(folder)
            assertEquals(177.5 to 80.512645675, weight.quantity to weight.quantitySi)

            SteadfastClient.open(Config(folder)).use { client ->
                assertEquals(weight, client.metrics().latest(MetricKind.BODY_MASS))
                assertEquals(3_600, client.programs().session(ProgramDay("5x5", 1u, 3u))?.completedUtcOffsetS)
                assertEquals(2uL, client.outbox().statistics().pending)
            }
        }

    /** | `storage_full` | critical | yes | … | */
    @Test
    fun `the table of errors names every error, as grave and as retryable as it is`() {
        val row = Regex("""^\| `([a-z_]+)` \| (warning|error|critical) \| (yes|no) \|.*""")
        val told = File(guide, "storage.md").readLines().mapNotNull { row.matchEntire(it)?.destructured }
        val facts =
            errorCodes().map { code ->
                val error = runCatching { raiseError(code) }.exceptionOrNull() as SteadfastException
                Triple(code, error.severity.name.lowercase(), if (error.isRetryable) "yes" else "no")
            }
        assertEquals(facts, told.map { (code, severity, retryable) -> Triple(code, severity, retryable) })
    }

    @TestFactory
    fun `every link of the guide leads somewhere`(): List<DynamicTest> {
        val link = Regex("""]\(([^)#]+)(#[^)]*)?\)""")
        val pages = checkNotNull(guide.listFiles { file -> file.extension == "md" }).sorted()
        assertTrue(pages.size > 1)
        return pages.map { page ->
            dynamicTest(page.name) {
                val targets = link.findAll(page.readText()).map { it.groupValues[1] }.filterNot { it.startsWith("http") }
                assertEquals(emptyList(), targets.filterNot { File(guide, it).exists() }.toList())
            }
        }
    }

    /** A fix a second at 3 m/s, one by one, from the moment on at which they are asked for. */
    private fun aMinuteNorth() =
        flow {
            val start = Instant.now()
            for (second in 1L..60L) {
                val fix =
                    LocationSample(
                        time = start.plusSeconds(second),
                        latitudeDeg = 47 + 3.0 * second / 111_200,
                        longitudeDeg = 8.0,
                        horizontalAccuracyM = 5.0,
                    )
                emit(listOf(fix))
            }
        }

    private val guide = File(System.getProperty("steadfast.repository"), "docs/guide")
}
