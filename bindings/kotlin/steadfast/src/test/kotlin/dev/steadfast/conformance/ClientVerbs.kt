package dev.steadfast.conformance

import dev.steadfast.AlertThresholds
import dev.steadfast.Config
import dev.steadfast.LocalData
import dev.steadfast.SignOut
import dev.steadfast.SteadfastClient
import dev.steadfast.checkIntegrity
import dev.steadfast.errorCodes
import dev.steadfast.raiseError
import dev.steadfast.repair
import java.time.Instant

/** The life of the client, its clock, its account and its upkeep. */
fun Actor.clientCall(verb: String, arguments: Arguments): Call? =
    when (verb) {
        "open" -> config(arguments).let { { client = SteadfastClient.openWithClock(it, events, clock) } }
        "open_another" -> config(arguments).let { { SteadfastClient.openWithClock(it, events, clock).close() } }
        "open_from_backup" -> config(arguments).let { { client = SteadfastClient.openFromBackup(it, events) } }
        "shutdown" -> ({ openClient().shutdown() })
        "suspend_storage" -> (arguments.longOrNull("deadline_ms") ?: 1_000L).let { { openClient().suspendStorage(it.toUInt()) } }
        "resume_storage" -> ({ openClient().resumeStorage() })
        "advance" -> arguments.long("ms").let { { clock.advance(it) } }
        "set_clock" -> arguments.long("time_ms").let { { clock.set(Instant.ofEpochMilli(it)) } }
        "await_event" ->
            arguments.any("event").let { event -> arguments.anyOrNull("without").let { without -> { events.await(event, without) } } }
        "raise_error" -> arguments.text("code").let { { raiseError(it) } }
        "error_codes" -> ({ errorCodes() })
        "check_integrity" ->
            arguments.cancellable({
                openClient().maintenance().checkIntegrity()
            }) { openClient().maintenance().checkIntegrity(it) }
        "repair" -> arguments.cancellable({ openClient().maintenance().repair() }) { openClient().maintenance().repair(it) }
        "free_space" -> ({ openClient().maintenance().freeSpace() })
        "back_up" -> ({ openClient().maintenance().backUp() })
        "telemetry" -> ({ openClient().maintenance().telemetry() })
        "diagnostics" -> ({ openClient().maintenance().diagnostics() })
        "sign_in" ->
            arguments.text("account_id").let { account ->
                arguments.name<LocalData>("local_data").let { local -> { openClient().signIn(account, local) } }
            }
        "sign_out" -> arguments.name<SignOut>("queue").let { { openClient().signOut(it) } }
        "account_id" -> ({ openClient().accountId() })
        else -> null
    }

private fun Actor.config(arguments: Arguments): Config {
    val folder = file(arguments.textOrNull("data_dir") ?: "data")
    val plain = Config(folder.path, bootId = "scenario")
    return arguments.objectOrEmpty("config") { config ->
        plain.copy(
            recoveryKey = config.textOrNull("recovery_key")?.toByteArray(),
            autosaveIntervalMs = config.longOrNull("autosave_interval_ms")?.toUInt() ?: plain.autosaveIntervalMs,
            alertThresholds = config.objectOrNull("alert_thresholds", ::thresholds),
        )
    }
}

private fun thresholds(arguments: Arguments): AlertThresholds {
    val plain = AlertThresholds()
    return AlertThresholds(
        failuresPercent = arguments.uintOrNull("failures_percent") ?: plain.failuresPercent,
        slowMs = arguments.uintOrNull("slow_ms") ?: plain.slowMs,
        deadEvents = arguments.uintOrNull("dead_events") ?: plain.deadEvents,
    )
}
