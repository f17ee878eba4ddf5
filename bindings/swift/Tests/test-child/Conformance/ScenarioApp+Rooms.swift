import Foundation
import Steadfast

/// The verbs of training data, of the outbox and of accounts.
extension ScenarioApp {
    func train(_ verb: String, _ arguments: Arguments) async throws -> JSON? {
        let programs = { try self.opened().programs() }
        let day = { try arguments.object("program_day", ProgramDay.init) }
        switch verb {
        case "complete":
            let nowMs = nowMs
            let completion = try arguments.object("completion") { try Completion($0, at: nowMs) }
            return try await seen(programs().complete(day: day(), completion: completion))
        case "uncomplete": return try await seen(programs().uncomplete(day: day()))
        case "rate": return try await seen(programs().rate(day: day(), intensity: arguments.neededName("intensity")))
        case "schedule": return try await seen(programs().schedule(days: arguments.neededObjects("days", ScheduledDay.init)))
        case "session": return try await seen(programs().session(day: day()) as Any)
        case "progress": return try await seen(programs().progress(programId: arguments.neededText("program_id")))
        case "week":
            let (program, week) = (try arguments.neededText("program_id"), try arguments.neededWhole("week", UInt32.self))
            return try await seen(programs().week(programId: program, week: week))
        case "remove_session": return try await seen(programs().remove(day: day()))
        case "migrate_programs":
            let sessions = try arguments.neededObjects("sessions", ProgramSessionImport.init)
            guard let token = try arguments.cancel() else { return try await seen(programs().migrate(sessions: sessions)) }
            return try await seen(programs().migrate(sessions: sessions, cancel: token))
        case "migrate_file":
            let (migration, file) = (try opened().migration(), path(try arguments.neededText("path")))
            guard let token = try arguments.cancel() else {
                return try await seen(migration.migrateFile(at: URL(fileURLWithPath: file)))
            }
            return try await seen(migration.migrateFile(path: file, cancel: token))
        default: return nil
        }
    }

    func measure(_ verb: String, _ arguments: Arguments) async throws -> JSON? {
        let metrics = { try self.opened().metrics() }
        let nowMs = nowMs
        switch verb {
        case "record_metric":
            let entry = try arguments.object("entry") { try NewProgressEntry($0, at: nowMs) }
            return try await seen(metrics().record(entry: entry))
        case "edit_metric":
            return try await seen(metrics().edit(id: arguments.id(), edit: arguments.object("edit", ProgressEntryEdit.init)))
        case "delete_metric": return try await seen(metrics().delete(id: arguments.id()))
        case "get_metric": return try await seen(metrics().get(id: arguments.id()))
        case "list_metrics": return try await seen(metrics().list(query: arguments.object("query", ProgressEntryQuery.init)))
        case "latest_metric": return try await seen(metrics().latest(kind: arguments.neededName("kind")) as Any)
        case "daily_metric":
            let (from, to) = (try arguments.neededDate("from_date"), try arguments.neededDate("to_date"))
            return try await seen(metrics().daily(kind: arguments.neededName("kind"), fromDate: from, toDate: to))
        case "import_health":
            let records = try arguments.neededObjects("records") { try HealthRecord($0, at: nowMs) }
            guard let token = try arguments.cancel() else { return try await seen(metrics().importHealth(records: records)) }
            return try await seen(metrics().importHealth(records: records, cancel: token))
        case "migrate_metrics":
            let entries = try arguments.neededObjects("entries") { try NewProgressEntry($0, at: nowMs) }
            guard let token = try arguments.cancel() else { return try await seen(metrics().migrate(entries: entries)) }
            return try await seen(metrics().migrate(entries: entries, cancel: token))
        default: return nil
        }
    }

    func log(_ verb: String, _ arguments: Arguments) async throws -> JSON? {
        let habits = { try self.opened().habits() }
        let nowMs = nowMs
        switch verb {
        case "record_habit":
            let log = try arguments.object("log") { try NewHabitLog($0, at: nowMs) }
            return try await seen(habits().record(log: log))
        case "edit_habit":
            return try await seen(habits().edit(id: arguments.id(), edit: arguments.object("edit", HabitLogEdit.init)))
        case "delete_habit": return try await seen(habits().delete(id: arguments.id()))
        case "get_habit": return try await seen(habits().get(id: arguments.id()))
        case "list_habits": return try await seen(habits().list(query: arguments.object("query", HabitLogQuery.init)))
        case "daily_habit":
            let (from, to) = (try arguments.neededDate("from_date"), try arguments.neededDate("to_date"))
            return try await seen(habits().daily(kind: arguments.neededText("kind"), fromDate: from, toDate: to))
        case "migrate_habits":
            let logs = try arguments.neededObjects("logs") { try NewHabitLog($0, at: nowMs) }
            guard let token = try arguments.cancel() else { return try await seen(habits().migrate(logs: logs)) }
            return try await seen(habits().migrate(logs: logs, cancel: token))
        default: return nil
        }
    }

    func queue(_ verb: String, _ arguments: Arguments) async throws -> JSON? {
        let outbox = { try self.opened().outbox() }
        switch verb {
        case "outbox_statistics": return try await seen(outbox().statistics())
        case "outbox_events": return try await seen(outbox().events(query: arguments.object("query", OutboxQuery.init)).events)
        case "outbox_stale": return try await seen(outbox().stale())
        case "outbox_retry": return try await seen(outbox().retry(opIds: opIds(arguments)))
        case "outbox_discard": return try await seen(outbox().discard(opIds: opIds(arguments)))
        case "sign_in":
            let (account, local) = (try arguments.neededText("account_id"), try arguments.neededName("local_data", LocalData.self))
            return try await seen(opened().signIn(accountId: account, localData: local))
        case "sign_out": return try await seen(opened().signOut(queue: arguments.neededName("queue")))
        case "account_id": return try seen(opened().accountId())
        default: return nil
        }
    }

    private func opIds(_ arguments: Arguments) throws -> [UUID] {
        try arguments.neededEvents("events").map(\.opId)
    }
}
