package dev.steadfast.kills

import dev.steadfast.MemoryFolder
import dev.steadfast.Run
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Timeout
import java.io.File
import java.time.Instant
import java.util.concurrent.atomic.AtomicInteger
import kotlin.random.Random
import kotlin.test.Test
import kotlin.test.assertEquals

/**
 * The promise, in this language: what `addSamples` acknowledged survives SIGKILL, and `save` happens once or not at all.
 *
 * `STEADFAST_KILLS_JVM` sets the number of kills, `STEADFAST_SEED` their story.
 */
class KillsTest {
    private val wanted = System.getenv("STEADFAST_KILLS_JVM")?.toInt() ?: 200
    private val seed = System.getenv("STEADFAST_SEED")?.toLong() ?: 1

    @Test
    @Timeout(600)
    fun `what was acknowledged survives a kill at any moment`() {
        val next = AtomicInteger()
        val folders = (wanted + KILLS_PER_FOLDER - 1) / KILLS_PER_FOLDER
        val total = Tally()
        Machine().use { machine ->
            val lanes =
                runBlocking(Dispatchers.IO) {
                    List(LANES) {
                        async {
                            val tally = Tally()
                            while (true) {
                                val folder = next.getAndIncrement()
                                if (folder >= folders) break
                                tally += lifeOfAFolder(machine, folder, minOf(KILLS_PER_FOLDER, wanted - folder * KILLS_PER_FOLDER))
                            }
                            tally
                        }
                    }.awaitAll()
                }
            lanes.forEach { total += it }
        }
        val line = "kotlin: kills ${total.kills}, acknowledged samples ${total.acknowledged}, lost ${total.lost}"
        println(line)
        val report = File(System.getProperty("steadfast.repository"), "target/kills-kotlin.txt")
        report.parentFile.mkdirs()
        report.writeText("$line\n")
        assertEquals(emptyList(), total.violations)
        assertEquals(0, total.lost)
        assertEquals(wanted, total.kills)
    }

    /** A data folder whose app is killed again and again, and looked at every time. */
    private suspend fun lifeOfAFolder(machine: Machine, number: Int, kills: Int): Tally {
        val dice = Random(seed * 1_000_003 + number)
        val folder = MemoryFolder.create().toFile()
        val tally = Tally()
        val ledger = Ledger()
        val key = "a key of exactly thirty-two byte".takeIf { number % 2 == 1 }
        var setting = Setting(folder.resolve("data"), Run.start, key, AUTOSAVE_MS[number % AUTOSAVE_MS.size])
        while (tally.kills < kills) {
            val heard = machine.run(setting, SCRIPTS.random(dice).split(' '), Patience.random(dice))
            ledger.hear(heard.lines)
            if (heard.wasKilled) tally.kills++
            setting = setting.copy(now = Instant.ofEpochMilli(maxOf(ledger.latestMs, Run.start.toEpochMilli())).plusSeconds(600))
            val before = tally.violations.size
            Audit(setting, ledger, tally).run(finish = tally.kills == kills)
            for (nth in before until tally.violations.size) {
                tally.violations[nth] =
                    "seed $seed, folder $number, kill ${tally.kills}, ${heard.lines.takeLast(2)}: ${tally.violations[nth]}"
            }
        }
        tally.acknowledged = ledger.acknowledged
        folder.deleteRecursively()
        return tally
    }

    private companion object {
        /** The machines that run this have two cores. */
        const val LANES = 2

        /** Enough for several interrupted workouts to pile up and be taken up again. */
        const val KILLS_PER_FOLDER = 5
        val AUTOSAVE_MS = listOf(0, 2, 10_000)

        /** What the apps do. Each takes up what the one before left, or leaves it. */
        val SCRIPTS =
            listOf(
                "begin samples:40/1 save start samples:30/3 pause",
                "begin samples:20/1 pause samples:3/1 resume samples:30/5 save begin samples:60/1 save",
                "begin samples:10/1 pause resume samples:10/1 pause resume samples:10/1 discard start samples:20/2 save",
                "save-recovered start samples:120/20 stop save start samples:5/1 save start samples:200/50",
                "start samples:15/1 stop resume samples:15/1 save start samples:300/10 save",
                "begin samples:2000/100 samples:20/1 save start samples:40/1 save",
            )
    }
}
