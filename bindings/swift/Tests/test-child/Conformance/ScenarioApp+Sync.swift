import Foundation
import Steadfast

/// The verbs of sync, and of the server that the app talks to.
extension ScenarioApp {
    func synchronise(_ verb: String, _ arguments: Arguments) async throws -> JSON? {
        let sync = { try self.opened().sync() }
        switch verb {
        case "sync_configure": return try seen(sync().configure(config: arguments.object("config", SyncConfig.init)))
        case "sync_start": return try seen(sync().start())
        case "sync_stop": return try seen(sync().stop())
        case "sync_status": return try seen(sync().status())
        case "sync_once":
            let (deadlineMs, token) = (try arguments.neededWhole("deadline_ms", UInt32.self), try arguments.cancel())
            return try await seen(sync().syncOnce(deadlineMs: deadlineMs, cancel: token))
        case "set_connectivity": return try seen(sync().setConnectivity(connectivity: arguments.neededName("connectivity")))
        case "provide_token":
            let (account, token) = (try arguments.neededText("account_id"), try arguments.neededText("token"))
            let expiresAt = try arguments.instant("expires_at_ms")
            return try seen(sync().provideToken(accountId: account, token: token, expiresAt: expiresAt))
        case "sync_conflicts":
            let query = ConflictQuery(
                limit: try arguments.whole("limit") ?? ConflictQuery().limit,
                after: try arguments.whole("after")
            )
            return try await seen(sync().conflicts(query: query))
        case "resolve_conflict":
            let (id, choice): (UInt64, ConflictChoice) = try (arguments.neededWhole("id", UInt64.self), arguments.neededName("choice"))
            return try await seen(sync().resolveConflict(id: id, choice: choice))
        default: return nil
        }
    }

    func serve(_ verb: String, _ arguments: Arguments) async throws -> JSON? {
        switch verb {
        case "start_server":
            let started = try ServerProcess(besides: scenarios, tls: arguments.bool("tls") ?? false)
            server?.stop()
            server = started
            return started.address
        case "ask_server": return try running().ask(arguments.json("ask"))
        case "stop_server":
            try running().stop()
            server = nil
            return .null
        default: return nil
        }
    }

    private func running() throws -> ServerProcess {
        guard let server else { throw Mismatch("no server runs") }
        return server
    }
}

extension SyncConfig {
    init(_ arguments: Arguments) throws {
        let usual = SyncConfig(baseUrl: try arguments.neededText("base_url"))
        self.init(
            baseUrl: usual.baseUrl,
            rootCertificatePem: try arguments.text("root_certificate_pem"),
            metered: try arguments.named("metered"),
            roaming: try arguments.named("roaming"),
            allowCleartext: try arguments.bool("allow_cleartext") ?? usual.allowCleartext,
            firstBackoffMs: try arguments.whole("first_backoff_ms") ?? usual.firstBackoffMs,
            requestTimeoutMs: try arguments.whole("request_timeout_ms") ?? usual.requestTimeoutMs,
            maxBatch: try arguments.whole("max_batch") ?? usual.maxBatch
        )
    }
}
