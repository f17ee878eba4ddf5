package dev.steadfast.bench

import dev.steadfast.ActivityKind
import dev.steadfast.Config
import dev.steadfast.Id
import dev.steadfast.LocationSource
import dev.steadfast.ManualClock
import dev.steadfast.Recorder
import dev.steadfast.Run
import dev.steadfast.SensorReading
import dev.steadfast.StartOptions
import dev.steadfast.SteadfastClient
import dev.steadfast.TrackQuery
import dev.steadfast.advance
import dev.steadfast.open
import dev.steadfast.save
import dev.steadfast.use
import kotlinx.coroutines.runBlocking
import java.io.File
import java.nio.file.Files
import java.nio.file.Path
import java.util.Locale
import kotlin.time.Duration.Companion.seconds

/** How long a track of 100,000 rows takes across the language border, as columns and as records: `FILE`, to which it is written. */
object TrackBench {
    private const val ROWS = 100_000
    private const val BATCH = 1_000

    /** Keeps what is read from being optimised away. */
    private var sum = 0.0

    @JvmStatic
    fun main(arguments: Array<String>) =
        runBlocking {
            val folder = Files.createTempDirectory(Path.of("/dev/shm"), "steadfast-bench-").toFile()
            val clock = ManualClock(Run.start)
            val report =
                SteadfastClient.open(Config(folder), clock).use { client ->
                    val id = record(client.recorder(), clock)
                    val activities = client.activities()
                    check(activities.get(id).sampleCount == ROWS.toULong())
                    val columns = median(warmUp = 10, rounds = 15) { sum += activities.track(id, TrackQuery()).latitudeDeg.sum() }
                    val points =
                        median(warmUp = 2, rounds = 5) { sum += activities.points(id, TrackQuery()).sumOf { it.latitudeDeg ?: 0.0 } }
                    "columns_ms %.2f\npoints_ms %.2f\n".format(Locale.ROOT, columns, points)
                }
            folder.deleteRecursively()
            check(sum > 0)
            print(report)
            File(arguments.single()).writeText(report)
        }

    private suspend fun record(recorder: Recorder, clock: ManualClock): Id {
        recorder.start(StartOptions(ActivityKind.RUNNING))
        repeat(ROWS / BATCH) {
            val times =
                List(BATCH) {
                    clock.advance(1.seconds)
                    clock.time()
                }
            recorder.addSamples(
                times.mapIndexed { nth, time ->
                    Run.fix(time).copy(
                        verticalAccuracyM = 8.0,
                        speedMps = 3.0 + nth % 7 / 10.0,
                        courseDeg = nth % 360.0,
                        source = LocationSource.SATELLITE,
                    )
                },
            )
            recorder.addReadings(times.mapIndexed { nth, time -> SensorReading(time, heartRateBpm = 140.0 + nth % 20) })
        }
        return recorder.save().id
    }

    private suspend fun median(warmUp: Int, rounds: Int, call: suspend () -> Unit): Double {
        repeat(warmUp) { call() }
        return List(rounds) {
            val start = System.nanoTime()
            call()
            (System.nanoTime() - start) / 1e6
        }.sorted()[rounds / 2]
    }
}
