package dev.steadfast

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.time.OffsetDateTime
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.microseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

class ValuesTest {
    @TempDir
    lateinit var folder: File
    private val clock = ManualClock(Run.start)

    private fun saved(options: StartOptions): Pair<Activity, TrackColumns> =
        runBlocking {
            SteadfastClient.open(Config(folder), clock).use { client ->
                client.recorder().start(options)
                client.recorder().run(clock, seconds = 60)
                client.recorder().pause()
                clock.advance(5.minutes)
                client.recorder().resume()
                client.recorder().run(clock, seconds = 60)
                assertEquals(120.seconds, client.recorder().live()?.timer)
                assertEquals(7.minutes, client.recorder().live()?.elapsed)
                val activity = client.recorder().save()
                activity to client.activities().track(activity.id, TrackQuery())
            }
        }

    @Test
    fun `times are durations and instants, also in local time where it is known`() {
        val (activity, _) = saved(StartOptions(ActivityKind.RUNNING, utcOffsetS = 7200))
        assertEquals(2.minutes, activity.timer)
        assertEquals(7.minutes, activity.elapsed)
        assertTrue(activity.moving in 1.minutes..2.minutes)
        assertEquals(Run.start, activity.startedAt)
        assertEquals(OffsetDateTime.parse("2026-05-01T08:00:00+02:00"), activity.startedAtLocal)
        assertNull(activity.copy(utcOffsetS = null).startedAtLocal)
    }

    @Test
    fun `a track is columns, equal by value`() {
        val (_, track) = saved(StartOptions(ActivityKind.RUNNING))
        assertEquals(120, track.size)
        assertEquals(Run.start.plusSeconds(1), track.timeAt(0))
        assertEquals(listOf(0, 60), (0 until track.size).filter(track::startsSegment))
        val twin = track.copy(speedMps = track.speedMps.clone())
        assertTrue(track contentEquals twin)
        assertNotEquals(track, twin)
        twin.speedMps[7] = 99.0
        assertFalse(track contentEquals twin)
    }

    @Test
    fun `durations become whole milliseconds within what the core takes`() {
        assertEquals(10_000u, Config(folder).autosaveIntervalMs)
        assertEquals(0u, Config(folder, autosaveInterval = Duration.ZERO).autosaveIntervalMs)
        assertEquals(1u, Config(folder, autosaveInterval = 1_900.microseconds).autosaveIntervalMs)
        assertEquals(UInt.MAX_VALUE, Config(folder, autosaveInterval = 1_000.days).autosaveIntervalMs)
        assertEquals(0u, Config(folder, autosaveInterval = (-1).seconds).autosaveIntervalMs)
    }
}
