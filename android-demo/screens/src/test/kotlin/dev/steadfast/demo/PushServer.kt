package dev.steadfast.demo

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonObjectBuilder
import kotlinx.serialization.json.add
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import kotlinx.serialization.json.putJsonObject
import java.net.InetSocketAddress
import java.util.zip.GZIPInputStream

/**
 * A server on a real socket that speaks `protocol/src/push.rs`: it takes every change, or refuses those of one kind.
 *
 * @property refused the kind of row whose changes it refuses; `null` for none
 */
class PushServer : AutoCloseable {
    @Volatile
    var refused: String? = null

    private val server = HttpServer.create(InetSocketAddress("127.0.0.1", 0), 0)
    private var operations = 0L

    val url: String get() = "http://127.0.0.1:${server.address.port}"

    init {
        server.createContext("/v1/changes") { exchange ->
            exchange.answer {
                putJsonArray("rows") {}
                put("next_cursor", 0)
                put("has_more", false)
            }
        }
        server.createContext("/v1/push") { exchange ->
            val request = Json.parseToJsonElement(exchange.body()).jsonObject
            exchange.answer {
                putJsonArray("results") {
                    request.getValue("items").jsonArray.forEach { add(result(it.jsonObject)) }
                }
            }
        }
        server.start()
    }

    override fun close() = server.stop(0)

    private fun result(item: JsonObject): JsonObject {
        val operations = item.getValue("operations").jsonArray.map { it.jsonObject }
        return buildJsonObject {
            put("id", item.getValue("id"))
            if (operations.any { it.text("entity_kind") == refused }) {
                put("status", "rejected")
                put("code", "invalid")
                put("message", REASON)
            } else {
                put("status", "applied")
                putJsonArray("rows") { operations.forEach { add(row(it)) } }
            }
        }
    }

    /** The row as it is after the operation: with the values that were sent, each stamped. */
    private fun row(operation: JsonObject) =
        buildJsonObject {
            put("entity_kind", operation.getValue("entity_kind"))
            put("entity_id", operation.getValue("entity_id"))
            putJsonObject("fields") {
                operation.getValue("fields").jsonObject.forEach { (name, edit) ->
                    operations += 1
                    putJsonObject(name) {
                        put("value", edit.jsonObject.getValue("value"))
                        put("stamp", "${System.currentTimeMillis()}-$operations-$EPOCH")
                        put("op_id", operation.getValue("op_id"))
                    }
                }
            }
        }

    private fun HttpExchange.body(): String {
        val packed = requestHeaders.getFirst("Content-Encoding") == "gzip"
        return (if (packed) GZIPInputStream(requestBody) else requestBody).readBytes().decodeToString()
    }

    private fun HttpExchange.answer(build: JsonObjectBuilder.() -> Unit) {
        val reply =
            buildJsonObject {
                put("now", System.currentTimeMillis())
                put("epoch", EPOCH)
                build()
            }
        val bytes = reply.toString().encodeToByteArray()
        responseHeaders.add("Content-Type", "application/json")
        sendResponseHeaders(200, bytes.size.toLong())
        responseBody.use { it.write(bytes) }
    }

    private fun JsonObject.text(name: String) = getValue(name).toString().trim('"')

    companion object {
        const val REASON = "This program is not known to the server."
        private const val EPOCH = 1
    }
}
