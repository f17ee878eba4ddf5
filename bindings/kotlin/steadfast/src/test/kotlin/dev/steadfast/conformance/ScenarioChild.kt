package dev.steadfast.conformance

import kotlinx.coroutines.runBlocking
import java.io.File
import kotlin.system.exitProcess

/** Performs a scenario up to its next kill, and waits for that: `FILE WORK FROM`. */
object ScenarioChild {
    const val READY = "ready to be killed"

    @JvmStatic
    fun main(arguments: Array<String>) {
        val (file, work, from) = arguments
        try {
            runBlocking { ScenarioRun(File(file), File(work)).untilTheNextKill(from.toInt()) }
        } catch (failure: ScenarioFailure) {
            println(failure.message?.replace('\n', ' '))
            exitProcess(1)
        }
        println(READY)
        while (true) Thread.sleep(Long.MAX_VALUE)
    }
}
