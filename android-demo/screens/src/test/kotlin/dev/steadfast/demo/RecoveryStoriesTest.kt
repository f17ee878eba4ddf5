package dev.steadfast.demo

import dev.steadfast.ActivityQuery
import kotlinx.coroutines.runBlocking
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.days

/** What a person finds after the app was killed. */
class RecoveryStoriesTest {
    @Test
    fun aKilledRunGoesOnWhereItWas() =
        story {
            presses("Start")
            runs(metres = 500.0)
            val before = checkNotNull(client.recorder().live()).distanceM
            killed()
            sees("A workout was interrupted")
            presses("Resume")
            sees("Running, Recording")
            runs(metres = before + 300.0)
            seesNot("A workout was interrupted")
        }

    @Test
    fun aKilledRunIsSavedAsItWas() =
        story {
            presses("Start")
            runs(metres = 500.0)
            killed()
            sees("A workout was interrupted")
            presses("Save")
            sees("Route of 0.50 kilometres")
            assertTrue(goesBack())
            seesNot("A workout was interrupted")
        }

    @Test
    fun aKilledRunIsDiscardedAfterAskingAgain() =
        story {
            presses("Start")
            runs(metres = 100.0)
            killed()
            presses("Discard")
            sees("This cannot be undone.")
            confirms("Discard")
            seesNot("A workout was interrupted")
            assertTrue(runBlocking { client.recorder().recovery() }.isEmpty())
            assertEquals(0, runBlocking { client.activities().list(ActivityQuery()) }.activities.size)
        }

    @Test
    fun severalInterruptedWorkoutsAreOfferedTogether() =
        story {
            presses("Start")
            runs(metres = 200.0)
            killed()
            presses("Decide later")
            presses("Cycling")
            presses("Start")
            sees("Cycling, Recording")
            runs(metres = 200.0)
            killed()
            sees("2 workouts were interrupted")
            sees("Cycling, started")
            sees("Running, started")
        }

    @Test
    fun anOldInterruptedWorkoutCanBeSavedButNotResumed() =
        story {
            presses("Start")
            runs(metres = 200.0)
            killed(away = 8.days)
            sees("It is older than 7 days")
            assertFalse("Resume" in screenText())
            presses("Save")
            sees("Route of 0.")
        }

    @Test
    fun aDamagedWorkoutSaysWhyAndCanOnlyBeDiscarded() =
        story {
            presses("Start")
            runs(metres = 100.0)
            killed { data -> File(data, "recovery").walk().filter { it.isFile }.forEach { it.writeText("not a recording") } }
            sees("The unfinished workout cannot be read")
            sees("Neither its snapshot nor its journal could be read.")
            assertFalse("Resume" in screenText() || "Save" in screenText())
            presses("Discard")
            confirms("Discard")
            seesNot("The unfinished workout cannot be read")
        }

    @Test
    fun whatWasPutOffCanBeDecidedLater() =
        story {
            presses("Start")
            runs(metres = 200.0)
            killed()
            presses("Decide later")
            seesNot("A workout was interrupted")
            sees("An interrupted workout waits")
            presses("Decide now")
            sees("A workout was interrupted")
            presses("Save")
            sees("Route of 0.20 kilometres")
            assertTrue(goesBack())
            assertTrue(goesBack())
            seesNot("An interrupted workout waits")
        }
}
