package dev.steadfast.demo

import dev.steadfast.ActivityKind
import dev.steadfast.ActivityQuery
import dev.steadfast.RecordingState
import dev.steadfast.SaveOptions
import dev.steadfast.StartOptions
import dev.steadfast.SteadfastClient
import dev.steadfast.demo.app.Attempts
import dev.steadfast.demo.app.Startup
import dev.steadfast.demo.app.StartupState
import dev.steadfast.demo.record.LocationAccess
import dev.steadfast.demo.save.SaveState
import dev.steadfast.raiseError
import dev.steadfast.save
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** A person at the app on a good day, and on a bad one. */
class StoriesTest {
    @Test
    fun aRunIsRecordedSavedReadEditedAndDeleted() =
        story {
            presses("Start")
            sees("Running, Recording")
            runs(metres = 600.0)
            presses("Lap")
            sees("Lap 2")
            presses("Pause")
            sees("Paused")
            assertEquals(RecordingState.PAUSED, client.recorder().live()?.state)
            presses("Resume")
            runs(metres = 1_300.0)
            presses("Pause")
            presses("Finish")
            sees("Well done")
            types("Title", "Round the town")
            presses("Save")

            sees("Round the town")
            sees("Route of 1.30 kilometres")
            sees("Kilometre 1, ")
            sees("Lap 2, ")
            sees("Elevation between")
            presses("Miles")
            sees("Last 0.")
            sees("Average pace 8 minutes")

            presses("Edit title and notes")
            retypes("Round the town", "Round the town, twice")
            presses("Save")
            sees("Round the town, twice")

            assertTrue(goesBack())
            sees("Activities")
            presses(labelStarting("Round the town, twice, Running, 21 Nov 2026, 08:12"))
            presses("Delete")
            confirms("Delete")
            sees("Nothing here yet")
        }

    @Test
    fun aWorkoutThatIsTooShortSaysSoAndGoesOn() =
        story {
            presses("Start")
            sees("Running, Recording")
            presses("Pause")
            presses("Finish")
            presses("Save")
            sees("The workout has too few positions to save")
            sees("Record a little longer, or discard the workout.")
            assertFalse("Try again" in screenText())
            presses("Back")
            presses("Go on recording")
            sees("Running, Recording")
        }

    @Test
    fun aSaveThatFailsIsTriedAgain() =
        story {
            presses("Start")
            runs(metres = 100.0)
            presses("Pause")
            presses("Finish")
            client.suspendStorage(1_000u)
            presses("Save")
            sees("Try again", timeoutMs = 20_000)
            client.resumeStorage()
            presses("Try again")
            sees("Route of 0.")
        }

    @Test
    fun aSaveThatIsCancelledHasHappenedOrHasNot() =
        story {
            presses("Start")
            runs(metres = 100.0)
            presses("Pause")
            presses("Finish")
            model.save.save(SaveOptions())
            model.save.cancel()
            waits("the core's decision") { model.save.state.value is SaveState.Idle }
            val stored = runBlocking { client.activities().list(ActivityQuery()) }.activities.size
            if (stored == 1) sees("Route of 0.10 kilometres") else sees("Well done")
            assertEquals(1, stored + listOfNotNull(client.recorder().live()).size, "saved, or still there to be saved")
        }

    @Test
    fun aFinishedWorkoutIsDiscardedAfterAskingAgain() =
        story {
            presses("Start")
            runs(metres = 100.0)
            presses("Pause")
            presses("Finish")
            presses("Discard")
            sees("This cannot be undone.")
            confirms("Discard")
            sees("Ready when you are")
        }

    @Test
    fun anExportedActivityComesBackByImport() =
        story {
            presses("Start")
            runs(metres = 300.0)
            presses("Pause")
            presses("Finish")
            presses("Save")
            sees("Route of 0.")
            presses("Export")
            presses("GPX, for most programs")
            waits("a shared file") { shell.shared.isNotEmpty() }
            presses("Delete")
            confirms("Delete")
            sees("Nothing here yet")

            shell.chosen = shell.shared.single()
            presses("Import a file")
            sees("1 activity was added.")
            presses("OK")
            sees("Running")
        }

    @Test
    fun aFileThatIsNoRecordingIsRefusedInWords() =
        story {
            shell.chosen = File(dataDir.parentFile, "notes.txt").apply { writeText("milk, eggs") }.path
            presses("Activities")
            presses("Import a file")
            sees("The file's format is not known")
            sees("Export the recording as GPX, TCX or FIT; for earlier data, update the app.")
            presses("OK")
            sees("Nothing here yet")
        }

    @Test
    fun aLongListIsReadPageByPage() =
        story {
            runBlocking { repeat(35) { number -> treadmill(client, "Session $number") { clock.advance(600_000) } } }
            presses("Activities")
            sees("Session 34")
            assertEquals(30, model.activities.state.value.activities?.size)
            scrollsTo("Session 0")
            assertEquals(35, model.activities.state.value.activities?.size)
        }

    @Test
    fun aStoreThatIsInUseSaysSoAndIsTriedAgain() =
        story {
            sees("Ready when you are")
            val other = Life(dataDir, clock.time())
            waits("the refusal") { other.startup.state.value is StartupState.Failed }
            val failed = other.startup.state.value as StartupState.Failed
            assertEquals("storage_in_use", failed.trouble.code)
            assertTrue(failed.trouble.isRetryable)
            client.close()
            other.startup.retry()
            waits("the store") { other.startup.state.value is StartupState.Open }
            other.end()
        }

    @Test
    fun aLostKeyCostsOnlyWhatItSealed() =
        story {
            sees("Ready when you are")
            val lost = Startup(Attempts(CoroutineScope(Dispatchers.Default)), openWithNewKey = { model }) { raised("recovery_key_missing") }
            waits("the refusal") { (lost.state.value as? StartupState.Failed)?.canGiveUpKey == true }
            lost.giveUpKey()
            waits("the store") { lost.state.value == StartupState.Open(model) }
            val newer =
                Startup(Attempts(CoroutineScope(Dispatchers.Default)), openWithNewKey = { model }) { raised("storage_newer_version") }
            waits("the refusal") { (newer.state.value as? StartupState.Failed)?.canGiveUpKey == false }
        }

    private fun raised(code: String): Nothing {
        raiseError(code)
        error("$code is no error")
    }

    @Test
    fun backLeadsFromAScreenToTheOneBeforeAndThenOut() =
        story {
            runBlocking { treadmill(client, "Intervals") { clock.advance(600_000) } }
            presses("Activities")
            presses(labelStarting("Intervals"))
            sees("Edit title and notes")
            assertTrue(model.canGoBack.value)
            assertTrue(goesBack())
            sees("Import a file")
            assertTrue(goesBack())
            sees("Ready when you are")
            waits("the way out") { !model.canGoBack.value }
            assertFalse(goesBack())
        }

    @Test
    fun whatHindersTheFixesIsSaidWhileRecording() =
        story {
            presses("Start")
            shell.hindrance.value = "Location is switched off"
            sees("Location is switched off")
            shell.hindrance.value = null
            seesNot("Location is switched off")
        }

    @Test
    fun whoDidNotAllowTheLocationIsTold() =
        story {
            sees("Ready when you are")
            shell.locationAccess.value = LocationAccess.DENIED
            sees("Location is not allowed")
            presses("Allow location")
            seesNot("Location is not allowed")
        }

    @Test
    fun onlyAWorkoutOutdoorsAsksForTheLocation() =
        story {
            shell.locationAccess.value = LocationAccess.DENIED
            sees("Location is not allowed")
            presses("More activities")
            presses("Treadmill")
            presses("Start")
            sees("Treadmill, Recording")
            assertEquals(0, shell.asked)
            client.recorder().discard()
            sees("Location is not allowed")
            presses("Running")
            presses("Start")
            sees("Running, Recording")
            assertEquals(1, shell.asked)
        }

    private suspend fun treadmill(client: SteadfastClient, title: String, run: () -> Unit) {
        client.recorder().start(StartOptions(ActivityKind.TREADMILL_RUNNING))
        run()
        client.recorder().stop()
        client.recorder().save(SaveOptions(title = title))
        run()
    }
}
