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
import kotlin.test.assertTrue

class FilesTest {
    @TempDir
    lateinit var folder: File
    private val clock = ManualClock(Run.start)

    private fun inAnotherStore(body: suspend (SteadfastClient) -> Unit) =
        runBlocking { SteadfastClient.open(Config(folder.resolve("other")), clock).use { body(it) } }

    /** A recorded run as a file. */
    private fun gpx(file: File): File {
        runBlocking {
            SteadfastClient.open(Config(folder.resolve("one")), clock).use { client ->
                val id = client.recorder().startRun(clock)
                client.recorder().save()
                client.activities().exportFile(id, FileFormat.GPX, file)
            }
        }
        return file
    }

    @Test
    fun `an exported run is imported as the same run`() {
        val file = gpx(folder.resolve("run.gpx"))
        inAnotherStore { client ->
            val activity = client.activities().importFile(file).activities.single().activity
            assertEquals(60uL, activity.sampleCount)
            assertEquals(177.0, activity.distanceM, 5.0)
            assertEquals(activity.id, client.activities().importFile(file.path).activities.single().activity.id)
        }
    }

    @Test
    fun `an import that is cancelled before it begins stores nothing`() {
        val file = gpx(folder.resolve("run.gpx"))
        inAnotherStore { client ->
            runBlocking {
                launch {
                    cancel()
                    assertFailsWith<CancellationException> { client.activities().importFile(file) }
                }.join()
            }
            assertEquals(emptyList(), client.activities().list(ActivityQuery()).activities)
        }
    }

    @Test
    fun `a spool is emptied once, and what is no recording is set aside`() {
        val spool = folder.resolve("spool").also { it.mkdirs() }
        gpx(spool.resolve("watch.gpx"))
        spool.resolve("noise.gpx").writeText("no recording")
        inAnotherStore { client ->
            val report = client.activities().takeInSpool(spool)
            assertEquals(60uL, report.activities.single().activity.sampleCount)
            assertEquals("unknown_format", report.refused.single().code)
            assertTrue(File(report.refused.single().path).exists())
            assertEquals(emptyList(), client.activities().takeInSpool(spool).activities)
        }
    }

    @Test
    fun `an interrupted run is written to a file as it is`() {
        inAnotherStore { it.recorder().startRun(clock) }
        val file = folder.resolve("interrupted.gpx")
        inAnotherStore { client ->
            val offered = client.recorder().recovery().single()
            client.recorder().exportRecovered(offered.id, FileFormat.GPX, file)
            assertEquals(60, "<trkpt ".toRegex().findAll(file.readText()).count())
            assertEquals(1, client.recorder().recovery().size)
        }
    }

    @Test
    fun `a store that is whole has no findings and nothing to mend`() =
        inAnotherStore { client ->
            client.recorder().startRun(clock)
            client.recorder().save()
            assertEquals(emptyList(), client.maintenance().checkIntegrity().findings)
            assertEquals(emptyList(), client.maintenance().repair().repaired)
        }
}
