import Foundation
import Steadfast

/// The verbs, as `tests/scenarios/README.md` lists them. What the package adds to the generated calls is used where an app would use it.
extension ScenarioApp {
    func call(_ verb: String, _ arguments: Arguments) async throws -> JSON {
        switch verb {
        case "open": client = try await open(arguments)
        case "open_another": try await open(arguments).shutdown()
        case "open_from_backup":
            let config = try config(arguments)
            try arguments.end()
            client = try await SteadfastClient.openFromBackup(config: config, listener: events)
        case "shutdown": try opened().shutdown()
        case "suspend_storage": try opened().suspendStorage(deadlineMs: arguments.whole("deadline_ms") ?? 1000)
        case "resume_storage": try opened().resumeStorage()
        case "advance": clock.advance(ms: try arguments.whole("ms") ?? 0)
        case "set_clock": clock.set(time: try arguments.instant("time_ms") ?? clock.time())
        case "await_event": return try event(arguments.json("event"), without: arguments.optionalJSON("without"))
        case "raise_error": try raiseError(codeName: arguments.neededText("code"))
        case "error_codes": return seen(errorCodes())
        default:
            for rooms in [record, lookUp, maintain, train, measure, log, lift, queue, synchronise, serve, look] {
                if let result = try await rooms(verb, arguments) { return result }
            }
            return try inFolder(verb, arguments)
        }
        return .null
    }

    private func config(_ arguments: Arguments) throws -> Config {
        let folder = path(try arguments.text("data_dir") ?? "data")
        return try arguments.object("config") { config in
            Config(
                dataDir: folder,
                recoveryKey: try config.text("recovery_key").map { Data($0.utf8) },
                autosaveIntervalMs: try config.whole("autosave_interval_ms") ?? Config(dataDir: folder).autosaveIntervalMs,
                bootId: "scenario",
                alertThresholds: try config.optionalObject("alert_thresholds", AlertThresholds.init)
            )
        }
    }

    private func open(_ arguments: Arguments) async throws -> SteadfastClient {
        let config = try config(arguments)
        try arguments.end()
        return try await SteadfastClient.openWithClock(config: config, listener: events, clock: clock)
    }

    private func event(_ expected: JSON, without: JSON?) throws -> JSON {
        var passed: [String] = []
        while let event = events.next() {
            let event = seen(event)
            if Matching.matches(expected, event) { return event }
            if let without, Matching.matches(without, event) { throw Mismatch("an event came that should not: \(event.short)") }
            passed.append(event.short)
        }
        throw Mismatch("no such event came, but \(passed)")
    }

    private func record(_ verb: String, _ arguments: Arguments) async throws -> JSON? {
        let recorder = { try self.opened().recorder() }
        switch verb {
        case "start": return try seen(recorder().start(options: arguments.object("options", StartOptions.init)))
        case "samples": return try samples(arguments)
        case "readings": return try readings(arguments)
        case "pause": return try seen(recorder().pause())
        case "resume": return try seen(recorder().resume())
        case "stop": return try seen(recorder().stop())
        case "lap": return try seen(recorder().lap())
        case "laps": return try seen(recorder().laps())
        case "splits": return try seen(recorder().splits())
        case "discard": return try seen(recorder().discard())
        case "live": return try seen(recorder().live() as Any)
        case "active_id": return try seen(recorder().activeId() as Any)
        case "save":
            let options = try arguments.object("options", SaveOptions.init)
            guard let token = try arguments.cancel() else { return try await seen(recorder().save(options: options)) }
            return try await seen(recorder().save(options: options, cancel: token))
        case "recovery": return try await seen(recorder().recovery())
        case "backups": return try await seen(recorder().backups())
        case "resume_recovered": return try seen(recorder().resumeRecovered(id: arguments.id()))
        case "save_recovered":
            let (id, options) = (try arguments.id(), try arguments.object("options", SaveOptions.init))
            guard let token = try arguments.cancel() else { return try await seen(recorder().saveRecovered(id: id, options: options)) }
            return try await seen(recorder().saveRecovered(id: id, options: options, cancel: token))
        case "discard_recovered": return try seen(recorder().discardRecovered(id: arguments.id()))
        case "restore_backup": return try await seen(recorder().restoreBackup(id: arguments.id()))
        case "resume_fresh": return try await seen(recorder().resumeFresh() as Any)
        case "export_recovered":
            let (id, format) = (try arguments.id(), try arguments.neededName("format", FileFormat.self))
            let file = path(try arguments.neededText("path"))
            return try await seen(recorder().exportRecovered(id: id, format: format, path: file, options: ExportOptions()))
        default: return nil
        }
    }

    private func samples(_ arguments: Arguments) throws -> JSON {
        let nowMs = nowMs
        var batch: Int?
        let fixes: [LocationSample]
        if arguments.has("line") {
            (fixes, batch) = try arguments.object("line") { try LocationSample.line($0, after: nowMs) }
        } else {
            fixes = try arguments.objects("samples") { try LocationSample($0, after: nowMs) } ?? []
        }
        let recorder = try opened().recorder()
        guard !fixes.isEmpty else { return try seen(recorder.addSamples(samples: [])) }
        var live: LiveStatistics?
        var rest = fixes[...]
        while !rest.isEmpty {
            let part = rest.prefix(batch ?? fixes.count)
            rest = rest.dropFirst(part.count)
            move(to: part.last?.time)
            live = try recorder.addSamples(samples: Array(part))
        }
        return seen(live as Any)
    }

    private func readings(_ arguments: Arguments) throws -> JSON {
        let nowMs = nowMs
        let readings = try arguments.objects("readings") { try SensorReading($0, after: nowMs) } ?? []
        move(to: readings.last?.time)
        return try seen(opened().recorder().addReadings(readings: readings))
    }

    /// Both clocks, as time that passes does.
    private func move(to time: Date?) {
        if let time { clock.advance(ms: milliseconds(time) - nowMs) }
    }

    private func lookUp(_ verb: String, _ arguments: Arguments) async throws -> JSON? {
        let activities = { try self.opened().activities() }
        switch verb {
        case "list": return try await seen(activities().list(query: arguments.object("query", ActivityQuery.init)))
        case "get": return try await seen(activities().get(id: arguments.id()))
        case "delete": return try await seen(activities().delete(id: arguments.id()))
        case "edit": return try await seen(activities().edit(id: arguments.id(), edit: arguments.object("edit", ActivityEdit.init)))
        case "activity_splits": return try await seen(activities().splits(id: arguments.id(), unit: arguments.neededName("unit")))
        case "activity_laps": return try await seen(activities().laps(id: arguments.id()))
        case "track": return try await seen(activities().track(id: arguments.id(), query: arguments.object("query", TrackQuery.init)))
        case "points": return try await seen(activities().points(id: arguments.id(), query: arguments.object("query", TrackQuery.init)))
        case "profile": return try await seen(activities().profile(id: arguments.id()))
        case "polyline":
            let (id, toleranceM) = (try arguments.id(), try arguments.neededNumber("tolerance_m"))
            let zones = try arguments.objects("privacy_zones", PrivacyZone.init) ?? []
            return try await seen(activities().polyline(id: id, toleranceM: toleranceM, privacyZones: zones))
        case "import_file":
            let file = path(try arguments.neededText("path"))
            guard let token = try arguments.cancel() else {
                return try await seen(activities().importFile(at: URL(fileURLWithPath: file)))
            }
            return try await seen(activities().importFile(path: file, cancel: token))
        case "export_file":
            let (id, format) = (try arguments.id(), try arguments.neededName("format", FileFormat.self))
            let file = URL(fileURLWithPath: path(try arguments.neededText("path")))
            let options = ExportOptions(privacyZones: try arguments.objects("privacy_zones", PrivacyZone.init) ?? [])
            return try await seen(activities().exportFile(id: id, to: file, format: format, options: options))
        case "take_in_spool":
            let folder = path(try arguments.neededText("path"))
            guard let token = try arguments.cancel() else {
                return try await seen(activities().takeInSpool(at: URL(fileURLWithPath: folder)))
            }
            return try await seen(activities().takeInSpool(folder: folder, cancel: token))
        default: return nil
        }
    }

    private func maintain(_ verb: String, _ arguments: Arguments) async throws -> JSON? {
        let maintenance = { try self.opened().maintenance() }
        switch verb {
        case "check_integrity":
            guard let token = try arguments.cancel() else { return try await seen(maintenance().checkIntegrity()) }
            return try await seen(maintenance().checkIntegrity(cancel: token))
        case "repair":
            guard let token = try arguments.cancel() else { return try await seen(maintenance().repair()) }
            return try await seen(maintenance().repair(cancel: token))
        case "free_space": return try await seen(maintenance().freeSpace())
        case "back_up": return try await seen(maintenance().backUp())
        case "telemetry": return try seen(maintenance().telemetry())
        case "diagnostics": return try await seen(maintenance().diagnostics())
        default: return nil
        }
    }
}
