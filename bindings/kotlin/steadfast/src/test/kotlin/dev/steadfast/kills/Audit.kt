package dev.steadfast.kills

import dev.steadfast.ActivityQuery
import dev.steadfast.FileFormat
import dev.steadfast.Id
import dev.steadfast.RecoveryInfo
import dev.steadfast.SteadfastClient
import dev.steadfast.SteadfastException
import dev.steadfast.TrackQuery
import dev.steadfast.checkIntegrity
import dev.steadfast.exportRecovered
import dev.steadfast.kills.Ledger.Phase
import dev.steadfast.saveRecovered
import dev.steadfast.use
import java.io.File
import java.time.Instant

/** What the audits of many folders found. */
class Tally {
    var kills = 0
    var acknowledged = 0L
    var lost = 0L
    val violations = mutableListOf<String>()

    operator fun plusAssign(other: Tally) {
        kills += other.kills
        acknowledged += other.acknowledged
        lost += other.lost
        violations += other.violations
    }
}

/** Holds what is left of a data folder against the ledger, as the next start of the app would find it. */
class Audit(private val setting: Setting, private val ledger: Ledger, private val tally: Tally) {
    /** Checks every promise. With [finish] every interrupted workout is saved, and looked at again in the store. */
    suspend fun run(finish: Boolean) {
        setting.open().use { client ->
            val offered = client.recorder().recovery().associateBy { it.id }
            everyWorkoutIsKnown(offered.keys + stored(client))
            everyWorkoutIsInItsOnePlace(offered.keys, stored(client))
            for (info in offered.values) everyAcknowledgedSampleIsOffered(client, info)
            if (finish) for (id in offered.keys) finish(client, id)
            for (id in stored(client)) compare(id, "track", client.activities().track(id, TrackQuery()).timeMs.asList())
            val findings = client.maintenance().checkIntegrity().findings
            if (findings.isNotEmpty()) tally.violations += "integrity: $findings"
            if (client.recorder().backups().isNotEmpty()) tally.violations += "there is an emergency backup, and nothing failed"
        }
    }

    private suspend fun stored(client: SteadfastClient): List<Id> =
        client.activities().list(ActivityQuery(limit = 1000u)).activities.map { it.id }

    private fun everyWorkoutIsKnown(found: Set<Id>) {
        for (id in found - ledger.workouts.keys) {
            if (!ledger.maybeStarted) tally.violations += "nobody started $id"
            ledger.maybeStarted = false
            ledger.workouts[id] = Ledger.Workout()
        }
        ledger.maybeStarted = false
    }

    private fun everyWorkoutIsInItsOnePlace(offered: Set<Id>, stored: List<Id>) {
        for ((id, workout) in ledger.workouts) {
            val isOffered = id in offered
            val timesStored = stored.count { it == id }
            val found =
                when {
                    isOffered && timesStored == 0 -> Phase.OPEN
                    !isOffered && timesStored == 1 -> Phase.SAVED
                    !isOffered && timesStored == 0 -> Phase.DISCARDED
                    else -> null
                }
            val mayBe =
                when (workout.phase) {
                    Phase.MAYBE_SAVED -> setOf(Phase.OPEN, Phase.SAVED)
                    Phase.MAYBE_DISCARDED -> setOf(Phase.OPEN, Phase.DISCARDED)
                    else -> setOf(workout.phase)
                }
            if (found == null || found !in mayBe) {
                tally.violations += "$id is ${workout.phase}; offered: $isOffered, stored $timesStored times"
                if (found == Phase.DISCARDED) tally.lost += workout.acknowledged
            }
            workout.phase = found ?: workout.phase
        }
    }

    private suspend fun everyAcknowledgedSampleIsOffered(client: SteadfastClient, info: RecoveryInfo) {
        val workout = ledger.workouts.getValue(info.id)
        if (info.problem != null || info.badRecords + info.missingRecords > 0uL) tally.violations += "damaged: $info"
        if (info.sampleCount < workout.acknowledged.toULong()) {
            tally.lost += workout.acknowledged - info.sampleCount.toLong()
            tally.violations += "${info.id}: ${workout.acknowledged} samples acknowledged, ${info.sampleCount} offered"
        }
        if (workout.must.isEmpty()) return
        val file = File(setting.folder, "audit.gpx")
        client.recorder().exportRecovered(info.id, FileFormat.GPX, file)
        val points = TIME.findAll(file.readText().substringAfter("<trkseg>"))
        compare(info.id, "journal", points.map { Instant.parse(it.groupValues[1]).toEpochMilli() }.toList())
        file.delete()
    }

    private fun compare(id: Id, place: String, times: List<Long>) {
        val missing = ledger.workouts.getValue(id).must - times.toSet()
        if (missing.isNotEmpty()) {
            tally.lost += missing.size
            tally.violations += "$id: ${missing.size} acknowledged samples are not in the $place, first ${missing.first()}"
        }
        if (times.toSet().size != times.size) tally.violations += "$id: samples are twice in the $place"
    }

    private suspend fun finish(client: SteadfastClient, id: Id) {
        val workout = ledger.workouts.getValue(id)
        try {
            client.recorder().saveRecovered(id)
            workout.phase = Phase.SAVED
        } catch (tooShort: SteadfastException.Validation) {
            // 10 m take four seconds, and as many more until the odometer believes them.
            val isLong = workout.must.size > SECONDS_OF_A_WORKOUT
            if (isLong) tally.violations += "$id with ${workout.must.size} samples is refused: ${tooShort.message}"
            client.recorder().discardRecovered(id)
            workout.phase = Phase.DISCARDED
        }
    }

    private companion object {
        val TIME = "<time>([^<]*)</time>".toRegex()
        const val SECONDS_OF_A_WORKOUT = 10
    }
}
