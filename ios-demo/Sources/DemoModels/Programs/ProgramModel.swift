import Foundation
import Observation
import Steadfast

/// A program: how far the person is, a week at a time, and what they say of a day.
@MainActor @Observable public final class ProgramModel {
    public let program: DemoProgram
    /// The week on the screen, from 1.
    public private(set) var week: UInt32 = 1
    public let reading = Reading()
    /// Completes, rates and schedules.
    public let changing = Attempt()

    private let programs: Programs
    private var sessions: [ProgramDay: ProgramSession] = [:]

    public init(client: SteadfastClient, program: DemoProgram) {
        programs = client.programs()
        self.program = program
    }

    /// The days of the week on the screen.
    public var days: [TrainingDay] { program.days(ofWeek: week).map(day) }

    /// One of the program's days as it is known now.
    public func day(_ programDay: ProgramDay) -> TrainingDay { TrainingDay(programDay, session: sessions[programDay]) }

    /// Training days that were completed. A session that another program of the same id had beyond this one's days counts nothing.
    public var completed: Int { program.days.count { day($0).isDone } }

    /// Training days of the program.
    public var total: Int { program.days.count }

    /// The first day that was not completed; nothing once all were.
    public var next: ProgramDay? { program.days.first { !day($0).isDone } }

    public var hasPreviousWeek: Bool { week > 1 }
    public var hasNextWeek: Bool { week < program.weeks }

    /// Turns back by a week.
    public func showPreviousWeek() { if hasPreviousWeek { week -= 1 } }

    /// Turns on by a week.
    public func showNextWeek() { if hasNextWeek { week += 1 } }

    /// Reads the sessions; the first time, turns to the week of the next day.
    public func load() async {
        let isFirst = !reading.isLoaded
        await reload()
        if isFirst, reading.isLoaded { week = next?.week ?? program.weeks }
    }

    /// Reads the sessions again if they are on a screen.
    func refresh() async { if reading.isLoaded { await reload() } }

    /// Completes a day, with how hard it felt if the person said so.
    public func complete(_ day: ProgramDay, intensity: Intensity?, now: Date, in zone: TimeZone = .current) async {
        let completion = Completion(completedAt: now, utcOffsetS: Int32(zone.secondsFromGMT(for: now)), intensity: intensity)
        await change { [programs] in try await programs.complete(day: day, completion: completion) }
    }

    /// Takes a completion back; rating and date stay.
    public func uncomplete(_ day: ProgramDay) async {
        await change { [programs] in try await programs.uncomplete(day: day) }
    }

    /// Says how hard a day felt.
    public func rate(_ day: ProgramDay, _ intensity: Intensity) async {
        await change { [programs] in try await programs.rate(day: day, intensity: intensity) }
    }

    /// Sets the date of a day, or takes it away.
    public func schedule(_ day: ProgramDay, on date: CivilDate?) async {
        await change { [programs] in
            try await programs.schedule(days: [ScheduledDay(programDay: day, date: date)]).first
        }
    }

    private func reload() async {
        await reading.run { [self] in
            let read = try await programs.progress(programId: program.id)
            sessions = Dictionary(read.map { ($0.programDay, $0) }) { first, _ in first }
        }
    }

    private func change(_ call: @escaping @MainActor () async throws -> ProgramSession?) async {
        await changing.run { [self] in
            if let session = try await call() { sessions[session.programDay] = session }
        }
    }
}
