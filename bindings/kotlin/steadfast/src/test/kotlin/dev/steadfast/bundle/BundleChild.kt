package dev.steadfast.bundle

import dev.steadfast.Config
import dev.steadfast.ManualClock
import dev.steadfast.Run
import dev.steadfast.SteadfastClient
import dev.steadfast.open
import dev.steadfast.save
import dev.steadfast.startRun
import dev.steadfast.use
import kotlinx.coroutines.runBlocking
import java.io.File

/** A program that has nothing but the jar: records, saves, and says where its library came from. */
object BundleChild {
    @JvmStatic
    fun main(arguments: Array<String>) =
        runBlocking {
            val clock = ManualClock(Run.start)
            SteadfastClient.open(Config(File(arguments.single())), clock).use { client ->
                client.recorder().startRun(clock)
                println(
                    "saved ${client.recorder().save().sampleCount} by ${SteadfastClient::class.java.protectionDomain.codeSource.location.path}",
                )
            }
        }
}
