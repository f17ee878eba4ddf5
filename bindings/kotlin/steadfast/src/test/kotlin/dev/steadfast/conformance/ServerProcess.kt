package dev.steadfast.conformance

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.jsonObject
import java.io.File

/** The scripted server of the Rust tests, a process that ends with its stdin: when it is closed, or when this process dies. */
class ServerProcess(tls: Boolean) : AutoCloseable {
    private val process =
        ProcessBuilder(listOfNotNull(program(), "tls".takeIf { tls }))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
    private val commands = process.outputStream.bufferedWriter()
    private val replies = process.inputStream.bufferedReader()

    /** Where it listens. */
    val address: JsonElement = reply()

    /** Passes a command on, and gives what it answers. */
    fun ask(command: JsonElement): JsonElement {
        commands.write("$command\n")
        commands.flush()
        return reply()
    }

    private fun reply(): JsonElement {
        val said = replies.readLine() ?: throw ScenarioFailure("the server ended with ${process.waitFor()}")
        return Json.parseToJsonElement(said).jsonObject["answer"] ?: throw ScenarioFailure("the server says $said")
    }

    override fun close() {
        commands.close()
        process.waitFor()
    }

    private companion object {
        /** It lies beside the library. */
        fun program(): String = File(System.getProperty("jna.library.path"), "scripted_server").path
    }
}
