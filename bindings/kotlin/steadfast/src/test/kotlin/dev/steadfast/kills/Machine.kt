package dev.steadfast.kills

import dev.steadfast.Run
import dev.steadfast.processes.QuickJava
import java.io.ByteArrayOutputStream
import java.io.File
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread
import kotlin.random.Random

/** When the parent kills its child: [micros] after the [nth] line that begins with [beginning]. */
class Patience private constructor(private val beginning: String, private val nth: Int, private val micros: Long) {
    /** How long from now, if the last of these lines is the one that was waited for. */
    fun microsUntilTheKill(lines: List<String>): Long? =
        micros.takeIf { lines.last().startsWith(beginning) && lines.count { it.startsWith(beginning) } == nth }

    companion object {
        /** A third each: after a call that was acknowledged, anywhere, in the middle of a save. */
        fun random(dice: Random): Patience =
            when (dice.nextInt(3)) {
                0 -> Patience("", 1 + dice.nextInt(90), 0)
                1 -> Patience("opened", 1, dice.nextLong(40_000))
                else -> Patience("do save", 1 + dice.nextInt(2), dice.nextLong(4_000))
            }
    }
}

/** What a child said before it died or ended. */
class Heard(val lines: List<String>, val wasKilled: Boolean)

/** Starts recording children, and kills them. */
class Machine : AutoCloseable {
    private val java = QuickJava()

    init {
        val once = Setting(java.scratch.resolve("once"), Run.start, recoveryKey = null, autosaveMs = 10_000)
        java.warmUp(RecordingChild::class.java, once.arguments() + "begin samples:40/1 save start samples:2/1 discard".split(' '))
    }

    fun run(setting: Setting, words: List<String>, patience: Patience): Heard {
        val errors = File.createTempFile("child", ".txt", java.scratch)
        val child = ProcessBuilder(java.command(RecordingChild::class.java, setting.arguments() + words)).redirectError(errors).start()
        val lines = mutableListOf<String>()
        // Not `readLine`: what has no end was never said.
        val bytes = child.inputStream.buffered()
        val line = ByteArrayOutputStream()
        while (true) {
            val byte = bytes.read()
            if (byte < 0) break
            if (byte != '\n'.code) {
                line.write(byte)
                continue
            }
            lines += line.toString()
            line.reset()
            patience.microsUntilTheKill(lines)?.let { child.killAfter(it) }
        }
        check(child.waitFor(30, TimeUnit.SECONDS)) { "the child hangs" }
        val code = child.exitValue()
        check(code == 0 || code == KILLED) { "the child ended with $code: ${errors.readText()}\n${lines.joinToString("\n")}" }
        check("panicked" !in errors.readText()) { errors.readText() }
        errors.delete()
        return Heard(lines, wasKilled = code == KILLED)
    }

    /** SIGKILL. `Process.destroyForcibly` would close the pipe as well, with what the child said last. */
    private fun Process.killAfter(micros: Long) {
        val kill = { toHandle().destroyForcibly() }
        if (micros == 0L) {
            kill()
            return
        }
        thread {
            val until = System.nanoTime() + micros * 1_000
            while (System.nanoTime() < until) Thread.onSpinWait()
            kill()
        }
    }

    override fun close() = java.close()

    private companion object {
        /** 128 and SIGKILL. */
        const val KILLED = 137
    }
}
