package dev.steadfast.demo.location

import dev.steadfast.ActivityKind
import dev.steadfast.Config
import dev.steadfast.ManualClock
import dev.steadfast.StartOptions
import dev.steadfast.SteadfastClient
import dev.steadfast.open
import dev.steadfast.save
import dev.steadfast.use
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import java.nio.file.Files
import java.time.Duration
import java.time.Instant
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

@OptIn(ExperimentalCoroutinesApi::class)
class ReplayTest {
    private val noon = Instant.parse("2026-11-21T12:00:00Z")
    private val run = MadeUpTown.run(Instant.parse("2001-01-01T00:00:00Z"))

    @Test
    fun theRunThroughTheTownIsFiveKilometresLong() =
        runTest {
            val clock = ManualClock(noon)
            val folder = Files.createTempDirectory("steadfast-replay").toFile()
            SteadfastClient.open(Config(folder.path), clock).use { client ->
                val source = ReplayLocationSource(run, speed = 1_000.0, clock = clock)
                client.recorder().start(StartOptions(ActivityKind.RUNNING))
                source.samples.take(run.size).collect { client.recorder().addSamples(it) }
                client.recorder().stop()
                val activity = client.recorder().save()
                assertEquals(5_010.0, activity.distanceM, 25.0)
                assertEquals(run.size.toDouble(), activity.timerS, 1.0)
                assertTrue(activity.rejected.isEmpty(), "rejected: ${activity.rejected}")
            }
            folder.deleteRecursively()
        }

    @Test
    fun fixesComeAtTheSpeedThatWasAskedForAndTheClockGoesAlong() =
        runTest {
            val clock = ManualClock(noon)
            val fixes = ReplayLocationSource(run, speed = 10.0, clock = clock).samples.take(61).toList().flatten()
            assertEquals(6_100, currentTime)
            assertEquals(Duration.ofSeconds(60), Duration.between(fixes.first().time, fixes.last().time))
            assertEquals(clock.time(), fixes.last().time)
            assertEquals(run[60].latitudeDeg, fixes.last().latitudeDeg)
        }

    @Test
    fun collectingAgainGoesOnWhereTheLastCollectorStopped() =
        runTest {
            val source = ReplayLocationSource(run, clock = ManualClock(noon))
            source.samples.take(10).collect {}
            assertEquals(run[10].longitudeDeg, source.samples.first().single().longitudeDeg)
        }

    @Test
    fun atItsEndItBeginsAgainAndTimeGoesOn() =
        runTest {
            val source = ReplayLocationSource(run.take(3), clock = ManualClock(noon))
            val fixes = source.samples.take(7).toList().flatten()
            assertEquals(listOf(0, 1, 2, 0, 1, 2, 0).map { run[it].latitudeDeg }, fixes.map { it.latitudeDeg })
            assertEquals(fixes.map { it.time }.sorted().distinct(), fixes.map { it.time })
        }

    @Test
    fun realTimeCannotBePlayedFaster() {
        assertFailsWith<IllegalArgumentException> { ReplayLocationSource(run, speed = 2.0) }
    }
}
