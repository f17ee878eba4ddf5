package dev.steadfast.kills

import dev.steadfast.MemoryFolder
import java.io.File
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread
import kotlin.random.Random

/** When the parent kills its child. */
sealed interface Patience {
    /** As soon as it has said so many lines. */
    data class Lines(
        val count: Int,
    ) : Patience

    /** So many microseconds after it has opened the client. */
    data class Micros(
        val micros: Long,
    ) : Patience

    /** As soon as it has begun to save for the n-th time, and so many microseconds. */
    data class Saving(
        val nth: Int,
        val micros: Long,
    ) : Patience

    companion object {
        fun random(dice: Random): Patience =
            when (dice.nextInt(3)) {
                0 -> Lines(1 + dice.nextInt(90))
                1 -> Micros(dice.nextLong(40_000))
                else -> Saving(1 + dice.nextInt(2), dice.nextLong(4_000))
            }
    }
}

/** What a child said before it died or ended. */
class Heard(
    val lines: List<String>,
    val wasKilled: Boolean,
)

/** Starts recording children, and kills them. */
class Machine : AutoCloseable {
    private val folder = MemoryFolder.create().toFile()
    private val command = javaCommand()

    fun run(
        setting: Setting,
        words: List<String>,
        patience: Patience,
    ): Heard {
        val errors = File.createTempFile("child", ".txt", folder)
        val child = ProcessBuilder(command + setting.arguments() + words).redirectError(errors).start()
        val lines = mutableListOf<String>()
        // Not a reader of lines: what has no end was never said.
        val bytes = child.inputStream.buffered()
        val line = java.io.ByteArrayOutputStream()
        while (true) {
            val byte = bytes.read()
            if (byte < 0) break
            if (byte != '\n'.code) {
                line.write(byte)
                continue
            }
            lines += line.toString()
            line.reset()
            if (lines.size == 1 && patience is Patience.Micros) child.killAfter(patience.micros)
            if (lines.size == (patience as? Patience.Lines)?.count) child.kill()
            if (patience is Patience.Saving && lines.last().startsWith("do save") && lines.count { it.startsWith("do save") } == patience.nth) {
                child.killAfter(patience.micros)
            }
        }
        check(child.waitFor(30, TimeUnit.SECONDS)) { "the child hangs" }
        val code = child.exitValue()
        check(code == 0 || code == KILLED) { "the child ended with $code: ${errors.readText()}\n${lines.joinToString("\n")}" }
        check("panicked" !in errors.readText()) { errors.readText() }
        errors.delete()
        return Heard(lines, wasKilled = code == KILLED)
    }

    /** SIGKILL. `Process.destroyForcibly` would close the pipe as well, with what the child said last. */
    private fun Process.kill() = toHandle().destroyForcibly()

    private fun Process.killAfter(micros: Long) {
        thread {
            val until = System.nanoTime() + micros * 1_000
            while (System.nanoTime() < until) Thread.onSpinWait()
            kill()
        }
    }

    /** The quickest start, and JNA's own library unpacked once: a killed process leaves its copy behind. */
    private fun javaCommand(): List<String> {
        val dispatch = folder.resolve("libjnidispatch.so")
        val resource = "/com/sun/jna/${com.sun.jna.Platform.RESOURCE_PREFIX}/libjnidispatch.so"
        com.sun.jna.Native::class.java.getResourceAsStream(resource)!!.use { from -> dispatch.outputStream().use(from::copyTo) }
        return listOf(
            File(System.getProperty("java.home"), "bin/java").path,
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-Djna.boot.library.path=$folder",
            "-Djna.nounpack=true",
            "-Djna.library.path=${System.getProperty("jna.library.path")}",
            "-cp",
            System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path"),
            RecordingChild::class.java.name,
        )
    }

    override fun close() {
        folder.deleteRecursively()
    }

    private companion object {
        /** 128 and SIGKILL. */
        const val KILLED = 137
    }
}
