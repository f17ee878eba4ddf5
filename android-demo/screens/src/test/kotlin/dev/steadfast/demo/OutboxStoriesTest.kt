package dev.steadfast.demo

import dev.steadfast.ActivityKind
import dev.steadfast.ActivityQuery
import dev.steadfast.Completion
import dev.steadfast.LocalData
import dev.steadfast.MetricKind
import dev.steadfast.MetricUnit
import dev.steadfast.NewHabitLog
import dev.steadfast.NewProgressEntry
import dev.steadfast.SaveOptions
import dev.steadfast.StartOptions
import dev.steadfast.SyncConfig
import dev.steadfast.SyncOutcome
import dev.steadfast.demo.app.OpenPlace
import dev.steadfast.demo.programs.DemoProgram
import dev.steadfast.save
import kotlinx.coroutines.runBlocking
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** What a person sees of what the server has yet to hear. */
class OutboxStoriesTest {
    @Test
    fun nothingWaitsInANewApp() =
        story {
            opensOutbox()
            sees("Everything is on this phone.")
            sees("No server is set up.")
        }

    @Test
    fun aChangeThatTheServerRefusesIsShownWithTheReasonAndSentAgain() =
        story {
            PushServer().use { server ->
                server.refused = "program_session"
                runBlocking {
                    client.programs().complete(DemoProgram.day(1, 1), Completion(clock.time()))
                    client.metrics().record(bodyMass())
                    client.signIn("ada", LocalData.ADOPT)
                }
                assertEquals(1uL to 1uL, syncs(server).let { it.taken to it.dead })
                sees("1 change failed")

                opensOutbox()
                sees("Training day, new, Failed")
                sees(PushServer.REASON)
                sees("Send it again, change it once more, or give it up.")
                seesNot("Measurement")
                server.refused = null
                presses("Retry: Training day, new")
                sees("Training day, new, Waiting")
                assertEquals(1uL to 0uL, syncs(server).let { it.taken to it.dead })
                sees("Everything is on this phone.")
                assertTrue(goesBack())
                seesNot("1 change failed")
                sees("5×5: 1 of 36 days")
            }
        }

    @Test
    fun aChangeIsGivenUpAfterAskingAndTheDataIsAsBefore() =
        story {
            runBlocking { client.metrics().record(bodyMass()) }
            opensOutbox()
            presses("Discard: Measurement, new")
            sees("What you entered would be gone from this phone")
            presses("Keep")
            sees("Measurement, new, Waiting")
            presses("Discard: Measurement, new")
            confirms("Discard")
            sees("Everything is on this phone.")
            assertEquals(null, runBlocking { client.metrics().latest(MetricKind.BODY_MASS) })
        }

    @Test
    fun theOnlyCopyOfAWorkoutIsNotGivenUp() =
        story {
            runBlocking {
                client.recorder().start(StartOptions(ActivityKind.TREADMILL_RUNNING))
                clock.advance(600_000)
                client.recorder().stop()
                client.recorder().save(SaveOptions(title = "Intervals"))
            }
            opensOutbox()
            presses("Discard: Workout, new")
            confirms("Discard")
            sees("This is the only copy")
            sees("Send it again instead, or delete the workout itself.")
            sees("Nothing was given up.")
            presses("Keep")
            seesNot("This is the only copy")
            assertEquals(1, runBlocking { client.activities().list(ActivityQuery()) }.activities.size)
        }

    @Test
    fun aLongOutboxIsReadPageByPage() =
        story {
            runBlocking {
                repeat(35) { client.habits().record(NewHabitLog("Stretching", clock.time())) }
                client.metrics().record(bodyMass())
            }
            opensOutbox()
            sees("Waiting: 36")
            assertEquals(30, shown())
            scrollsTo("Measurement")
            assertEquals(36, shown())
        }

    private fun Story.opensOutbox() {
        presses("Training")
        presses(labelStarting("Outbox, "))
    }

    /** As a background task does, once what might still be typed has rested. */
    private fun Story.syncs(server: PushServer): SyncOutcome {
        clock.advance(600_000)
        val sync = client.sync()
        sync.configure(SyncConfig(server.url))
        sync.provideToken("ada", "a-token", null)
        return runBlocking { sync.syncOnce(20_000u, null) }
    }

    private fun Story.bodyMass() = NewProgressEntry(MetricKind.BODY_MASS, 80.4, MetricUnit.KILOGRAM, clock.time())

    private fun Story.shown(): Int = (model.places.stack.value.last() as OpenPlace.Outbox).model.state.value.events.size
}
