package dev.steadfast

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.time.DateTimeException
import java.time.LocalDate
import java.time.OffsetDateTime
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
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

    @Test
    fun `a civil date is a local date, within the years that the core has`() {
        val date = LocalDate.of(2028, 2, 29)
        assertEquals(CivilDate(2028u, 2u, 29u), date.toCivilDate())
        assertEquals(date, date.toCivilDate().toLocalDate())
        for (end in listOf(LocalDate.of(1, 1, 1), LocalDate.of(9999, 12, 31))) assertEquals(end, end.toCivilDate().toLocalDate())
        assertFailsWith<IllegalArgumentException> { LocalDate.of(0, 12, 31).toCivilDate() }
        assertFailsWith<IllegalArgumentException> { LocalDate.of(10_000, 1, 1).toCivilDate() }
        assertFailsWith<DateTimeException> { CivilDate(2026u, 2u, 30u).toLocalDate() }
    }

    @Test
    fun `an entry has its local time and its duration where they are known`() =
        runBlocking {
            SteadfastClient.open(Config(folder), clock).use { client ->
                val log = client.habits().record(NewHabitLog("smoke", Run.start, utcOffsetS = 7200, durationMs = 90_000uL))
                assertEquals(90.seconds, log.duration)
                assertEquals(OffsetDateTime.parse("2026-05-01T08:00:00+02:00"), log.startedAtLocal)
                assertNull(log.copy(utcOffsetS = null).startedAtLocal)
                assertNull(log.copy(durationMs = null).duration)
                val day = LocalDate.of(2026, 5, 1).toCivilDate()
                assertEquals(90.seconds, client.habits().daily("smoke", day, day).single().duration)
                val entry = client.metrics().record(NewProgressEntry(MetricKind.MOOD, 7.0, MetricUnit.SCORE, Run.start, utcOffsetS = 0))
                assertEquals(Run.start, entry.recordedAtLocal?.toInstant())
                val session = client.programs().complete(ProgramDay("5x5", 1u, 1u), Completion(Run.start, utcOffsetS = 7200))
                assertEquals(log.startedAtLocal, session.completedAtLocal)
                assertNull(client.programs().uncomplete(session.programDay).completedAtLocal)
            }
        }
}
