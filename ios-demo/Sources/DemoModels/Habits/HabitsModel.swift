import Foundation
import Observation
import Steadfast

/// Habits, a day at a time, today first.
@MainActor @Observable public final class HabitsModel {
    /// The day on the screen; nothing before the first `load`.
    public private(set) var day: CivilDate?
    /// The entries that count to it, newest first.
    public private(set) var logs: [HabitLog] = []
    public let reading = Reading()
    /// Deletes.
    public let changing = Attempt()

    private let habits: Habits
    private var today: CivilDate?

    public init(client: SteadfastClient) { habits = client.habits() }

    /// True while the day on the screen is today.
    public var isToday: Bool { day == today }

    /// Reads the day on the screen, which is today at first.
    public func load(now: Date, in zone: TimeZone = .current) async {
        // Whoever looked at today goes on to do so after midnight.
        let follows = isToday
        today = CivilDate(now, in: zone)
        if follows { day = today }
        await reload()
    }

    /// Turns back by a day.
    public func showPreviousDay() async { await show(day?.adding(days: -1)) }

    /// Turns on by a day, no further than today.
    public func showNextDay() async { if !isToday { await show(day?.adding(days: 1)) } }

    /// Reads the day again if it is on a screen.
    func refresh() async { if day != nil { await reload() } }

    /// A form for a new entry. On an earlier day than today it begins at the same time of that day.
    public func newLog(now: Date, in zone: TimeZone = .current, locale: Locale = .current) -> HabitFormModel {
        let back = today.flatMap { day?.days(since: $0) } ?? 0
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let startedAt = calendar.date(byAdding: .day, value: back, to: now) ?? now
        return HabitFormModel(habits: habits, kind: logs.first?.kind ?? "", startedAt: startedAt, locale: locale)
    }

    /// A form for an entry of the day.
    public func edit(_ log: HabitLog, locale: Locale = .current) -> HabitFormModel {
        HabitFormModel(habits: habits, log: log, locale: locale)
    }

    /// Deletes an entry.
    public func delete(_ log: HabitLog) async {
        await changing.run { [self] in
            try await habits.delete(id: log.id)
            logs.removeAll { $0.id == log.id }
        }
    }

    private func show(_ day: CivilDate?) async {
        guard let day else { return }
        (self.day, logs) = (day, [])
        await reload()
    }

    private func reload() async {
        await reading.run { [self] in
            guard let day, let midnight = day.midnight else { return }
            let read = try await Self.logs(of: day, midnight: midnight, in: habits)
            // The person may have turned to another day meanwhile; then this is read again.
            if day == self.day { logs = read }
        }
    }

    /// The core asks by instant, a screen by date: an entry counts to the date that its own offset says, which is no more than 18 hours from
    /// Greenwich's. One that another app put on a date far from its moment is not found; this one has no way to do so.
    private nonisolated static func logs(of day: CivilDate, midnight: Date, in habits: Habits) async throws -> [HabitLog] {
        let (from, until) = (midnight.addingTimeInterval(-18 * 3600), midnight.addingTimeInterval((24 + 18) * 3600))
        var logs: [HabitLog] = []
        var next: String?
        repeat {
            let page = try await habits.list(query: HabitLogQuery(from: from, until: until, limit: 1000, after: next))
            logs += page.logs.filter { $0.date == day }
            next = page.next
        } while next != nil
        return logs
    }
}
