package dev.steadfast.kills

import dev.steadfast.ActivityKind
import dev.steadfast.Id
import dev.steadfast.LiveStatistics
import dev.steadfast.Recorder
import dev.steadfast.RecordingState
import dev.steadfast.Run
import dev.steadfast.StartOptions
import dev.steadfast.SteadfastException
import dev.steadfast.advance
import dev.steadfast.save
import dev.steadfast.saveRecovered
import dev.steadfast.use
import kotlinx.coroutines.runBlocking
import java.io.FileDescriptor
import java.io.FileOutputStream
import kotlin.time.Duration.Companion.seconds

/**
 * An app without screens, to be killed: does what its words say, and writes to stdout what was acknowledged, a line with a single write after
 * each call, so that whoever reads them knows what it was told when it died.
 */
object RecordingChild {
    private val stdout = FileOutputStream(FileDescriptor.out)

    @JvmStatic
    fun main(arguments: Array<String>) =
        runBlocking {
            val setting = Setting.of(arguments.take(4))
            setting.open().use { client ->
                say("opened")
                val performer = Performer(client.recorder(), setting)
                for (word in arguments.drop(4)) performer.perform(word)
            }
            say("closed")
        }

    fun say(line: String) = stdout.write("$line\n".toByteArray())
}

private class Performer(private val recorder: Recorder, private val setting: Setting) {
    private val say = RecordingChild::say

    suspend fun perform(word: String) {
        val parts = word.split(':', '/')
        when (parts[0]) {
            "begin" -> begin()
            "start" -> start()
            "samples" -> samples(parts[1].toInt(), parts[2].toInt())
            "pause" -> change("pause", recorder::pause)
            "resume" -> change("resume", recorder::resume)
            "stop" -> change("stop", recorder::stop)
            "save" -> recorder.activeId()?.let { save(it, discard = recorder::discard) { recorder.save() } }
            "save-recovered" -> recorder.recovery().forEach { saveRecovered(it.id) }
            "discard" -> discard(checkNotNull(recorder.activeId()), recorder::discard)
            else -> error("no word of the child's: $word")
        }
    }

    /** Goes on with the newest interrupted workout and saves the older ones, or starts one. */
    private suspend fun begin() {
        val offered = recorder.recovery()
        offered.drop(1).forEach { saveRecovered(it.id) }
        val newest = offered.firstOrNull() ?: return start()
        say("do resume ${newest.id}")
        val live = recorder.resumeRecovered(newest.id)
        say("did resume ${newest.id}")
        if (live.state != RecordingState.RECORDING) change("resume", recorder::resume)
    }

    private fun start() {
        say("do start -")
        say("started ${recorder.start(StartOptions(ActivityKind.RUNNING))}")
    }

    private fun samples(count: Int, batch: Int) =
        repeat(count / batch) {
            val fixes =
                List(batch) {
                    setting.clock.advance(1.seconds)
                    Run.fix(setting.clock.time())
                }
            val id = recorder.activeId()
            val live = recorder.addSamples(fixes)
            check(live.unsavedSamples == 0uL) { "the disk refuses" }
            val counts = if (live.state == RecordingState.RECORDING) "must" else "may"
            say("ack $id $counts ${fixes.first().time.toEpochMilli()} $batch")
        }

    private fun change(verb: String, call: () -> LiveStatistics) {
        val id = recorder.activeId()
        setting.clock.advance(1.seconds)
        say("do $verb $id")
        call()
        say("did $verb $id")
    }

    private suspend fun saveRecovered(id: Id) = save(id, { recorder.discardRecovered(id) }) { recorder.saveRecovered(id) }

    private suspend fun save(id: Id, discard: () -> Unit, call: suspend () -> Unit) {
        say("do save $id")
        try {
            call()
            say("saved $id")
        } catch (tooShort: SteadfastException.Validation) {
            say("refused $id ${tooShort.codeName()}")
            discard(id, discard)
        }
    }

    private fun discard(id: Id, call: () -> Unit) {
        say("do discard $id")
        call()
        say("discarded $id")
    }
}
