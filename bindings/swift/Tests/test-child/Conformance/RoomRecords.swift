import Foundation
import Steadfast

// The records of training data as steps write them; what is missing has the API's default, an instant the clock's present time.

private func instant(_ ms: Int64) -> Date { Date(timeIntervalSince1970: Double(ms) / 1000) }

extension ProgramDay {
    init(_ arguments: Arguments) throws {
        self.init(
            programId: try arguments.neededText("program_id"),
            week: try arguments.neededWhole("week"),
            day: try arguments.neededWhole("day")
        )
    }
}

extension Completion {
    init(_ arguments: Arguments, at nowMs: Int64) throws {
        self.init(
            completedAt: try arguments.instant("completed_at_ms") ?? instant(nowMs),
            utcOffsetS: try arguments.whole("utc_offset_s"),
            intensity: try arguments.named("intensity"),
            scheduledDate: try arguments.date("scheduled_date")
        )
    }
}

extension ScheduledDay {
    init(_ arguments: Arguments) throws {
        self.init(programDay: try arguments.object("program_day", ProgramDay.init), date: try arguments.date("date"))
    }
}

extension ProgramSessionImport {
    init(_ arguments: Arguments) throws {
        self.init(
            programDay: try arguments.object("program_day", ProgramDay.init),
            completedAt: try arguments.instant("completed_at_ms"),
            completedUtcOffsetS: try arguments.whole("completed_utc_offset_s"),
            intensity: try arguments.named("intensity"),
            scheduledDate: try arguments.date("scheduled_date")
        )
    }
}

extension NewProgressEntry {
    init(_ arguments: Arguments, at nowMs: Int64) throws {
        self.init(
            kind: try arguments.neededName("kind"),
            quantity: try arguments.neededNumber("quantity"),
            unit: try arguments.neededName("unit"),
            recordedAt: try arguments.instant("recorded_at_ms") ?? instant(nowMs),
            utcOffsetS: try arguments.whole("utc_offset_s"),
            date: try arguments.date("date"),
            notes: try arguments.text("notes"),
            source: try arguments.text("source"),
            externalId: try arguments.text("external_id"),
            backendId: try arguments.text("backend_id")
        )
    }
}

extension ProgressEntryEdit {
    init(_ arguments: Arguments) throws {
        self.init(
            quantity: try arguments.number("quantity"),
            unit: try arguments.named("unit"),
            recordedAt: try arguments.instant("recorded_at_ms"),
            utcOffsetS: try arguments.whole("utc_offset_s"),
            date: try arguments.date("date"),
            notes: try arguments.text("notes"),
            backendId: try arguments.text("backend_id"),
            clear: try arguments.names("clear")
        )
    }
}

extension ProgressEntryQuery {
    init(_ arguments: Arguments) throws {
        self.init(
            kind: try arguments.named("kind"),
            from: try arguments.instant("from_ms"),
            until: try arguments.instant("until_ms"),
            limit: try arguments.whole("limit") ?? ProgressEntryQuery().limit,
            after: try arguments.text("after")
        )
    }
}

extension HealthRecord {
    init(_ arguments: Arguments, at nowMs: Int64) throws {
        let startedAt = try arguments.instant("started_at_ms") ?? instant(nowMs)
        self.init(
            source: try arguments.neededName("source"),
            externalId: try arguments.neededText("external_id"),
            kind: try arguments.neededName("kind"),
            quantity: try arguments.neededNumber("quantity"),
            unit: try arguments.neededName("unit"),
            startedAt: startedAt,
            endedAt: try arguments.instant("ended_at_ms") ?? startedAt,
            utcOffsetS: try arguments.whole("utc_offset_s"),
            deleted: try arguments.bool("deleted") ?? false
        )
    }
}

extension NewHabitLog {
    init(_ arguments: Arguments, at nowMs: Int64) throws {
        self.init(
            kind: try arguments.neededText("kind"),
            startedAt: try arguments.instant("started_at_ms") ?? instant(nowMs),
            utcOffsetS: try arguments.whole("utc_offset_s"),
            date: try arguments.date("date"),
            durationMs: try arguments.whole("duration_ms"),
            method: try arguments.text("method"),
            notes: try arguments.text("notes"),
            mood: try arguments.text("mood"),
            potency: try arguments.whole("potency"),
            source: try arguments.text("source"),
            externalId: try arguments.text("external_id")
        )
    }
}

extension HabitLogEdit {
    init(_ arguments: Arguments) throws {
        self.init(
            kind: try arguments.text("kind"),
            startedAt: try arguments.instant("started_at_ms"),
            utcOffsetS: try arguments.whole("utc_offset_s"),
            date: try arguments.date("date"),
            durationMs: try arguments.whole("duration_ms"),
            method: try arguments.text("method"),
            notes: try arguments.text("notes"),
            mood: try arguments.text("mood"),
            potency: try arguments.whole("potency"),
            clear: try arguments.names("clear")
        )
    }
}

extension HabitLogQuery {
    init(_ arguments: Arguments) throws {
        self.init(
            kind: try arguments.text("kind"),
            from: try arguments.instant("from_ms"),
            until: try arguments.instant("until_ms"),
            limit: try arguments.whole("limit") ?? HabitLogQuery().limit,
            after: try arguments.text("after")
        )
    }
}

extension OutboxQuery {
    init(_ arguments: Arguments) throws {
        self.init(
            status: try arguments.named("status"),
            limit: try arguments.whole("limit") ?? OutboxQuery().limit,
            after: try arguments.events("after")?.last?.seq
        )
    }
}

/// What steps use of an event that `outbox_events` gave.
struct EventReference {
    let opId: UUID
    let seq: UInt64?

    init?(_ event: JSON) {
        guard case .object(let members) = event, let id = members["op_id"]?.text.flatMap(UUID.init(uuidString:)) else { return nil }
        opId = id
        if case .whole(let seq) = members["seq"] { self.seq = UInt64(seq) } else { seq = nil }
    }
}
