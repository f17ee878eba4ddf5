package dev.steadfast.kills

import dev.steadfast.Config
import dev.steadfast.ManualClock
import dev.steadfast.SteadfastClient
import dev.steadfast.open
import java.io.File
import java.time.Instant
import kotlin.time.Duration.Companion.milliseconds

/** How the app is started. */
data class Setting(val folder: File, val now: Instant, val recoveryKey: String?, val autosaveMs: Int) {
    val clock = ManualClock(now)

    suspend fun open(): SteadfastClient =
        SteadfastClient.open(Config(folder, recoveryKey?.toByteArray(), autosaveMs.milliseconds, bootId = "kills"), clock)

    fun arguments(): List<String> = listOf(folder.path, now.toString(), recoveryKey ?: "-", autosaveMs.toString())

    companion object {
        fun of(arguments: List<String>): Setting =
            Setting(File(arguments[0]), Instant.parse(arguments[1]), arguments[2].takeIf { it != "-" }, arguments[3].toInt())
    }
}
