package dev.steadfast.conformance

import dev.steadfast.CancelToken
import dev.steadfast.ConflictChoice
import dev.steadfast.ConflictQuery
import dev.steadfast.Connectivity
import dev.steadfast.Sync
import dev.steadfast.SyncConfig

/** Bringing changes to the server. */
fun Actor.syncCall(verb: String, arguments: Arguments): Call? =
    when (verb) {
        "sync_configure" -> arguments.objectOf("config", ::config).let { { sync().configure(it) } }
        "sync_start" -> ({ sync().start() })
        "sync_stop" -> ({ sync().stop() })
        "sync_status" -> ({ sync().status() })
        "sync_once" -> syncOnce(arguments)
        "set_connectivity" -> arguments.name<Connectivity>("connectivity").let { { sync().setConnectivity(it) } }
        "provide_token" -> provideToken(arguments)
        "sync_conflicts" -> conflicts(arguments)
        "resolve_conflict" -> resolveConflict(arguments)
        else -> null
    }

private fun Actor.sync(): Sync = openClient().sync()

private fun config(arguments: Arguments): SyncConfig {
    val plain = SyncConfig(arguments.text("base_url"))
    return plain.copy(
        rootCertificatePem = arguments.textOrNull("root_certificate_pem"),
        metered = arguments.nameOrNull("metered"),
        roaming = arguments.nameOrNull("roaming"),
        allowCleartext = arguments.truth("allow_cleartext", plain.allowCleartext),
        firstBackoffMs = arguments.uintOrNull("first_backoff_ms") ?: plain.firstBackoffMs,
        requestTimeoutMs = arguments.uintOrNull("request_timeout_ms") ?: plain.requestTimeoutMs,
        maxBatch = arguments.uintOrNull("max_batch") ?: plain.maxBatch,
    )
}

private fun Actor.syncOnce(arguments: Arguments): Call {
    val deadlineMs = arguments.long("deadline_ms").toUInt()
    return arguments.cancellable({ sync().syncOnce(deadlineMs, null) }) { token: CancelToken -> sync().syncOnce(deadlineMs, token) }
}

private fun Actor.conflicts(arguments: Arguments): Call {
    val plain = ConflictQuery()
    val query = ConflictQuery(arguments.uintOrNull("limit") ?: plain.limit, arguments.longOrNull("after")?.toULong())
    return { sync().conflicts(query) }
}

private fun Actor.resolveConflict(arguments: Arguments): Call {
    val id = arguments.long("id").toULong()
    val choice = arguments.name<ConflictChoice>("choice")
    return { sync().resolveConflict(id, choice) }
}

private fun Actor.provideToken(arguments: Arguments): Call {
    val accountId = arguments.text("account_id")
    val token = arguments.text("token")
    val expiresAt = arguments.instantOrNull("expires_at_ms")
    return { sync().provideToken(accountId, token, expiresAt) }
}
