package dev.steadfast.conformance

import kotlinx.serialization.json.JsonElement

/** The server that the app talks to. */
fun Actor.serverCall(verb: String, arguments: Arguments): Call? =
    when (verb) {
        "start_server" -> arguments.truth("tls").let { { startServer(it) } }
        "ask_server" -> arguments.any("ask").let { { runningServer().ask(it) } }
        "stop_server" -> ({ stopServer() })
        else -> null
    }

private fun Actor.runningServer(): ServerProcess = server ?: throw ScenarioFailure("no server runs")

private fun Actor.startServer(tls: Boolean): JsonElement {
    val started = ServerProcess(tls)
    server?.close()
    server = started
    return started.address
}

private fun Actor.stopServer() {
    runningServer().close()
    server = null
}
