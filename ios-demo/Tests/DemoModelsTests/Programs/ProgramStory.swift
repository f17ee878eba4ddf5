import Foundation
import Steadfast
import Testing

@testable import DemoModels

private let berlin = TimeZone(secondsFromGMT: 7200) ?? .gmt

extension Stories {
    @MainActor @Suite struct ProgramStory {
        private let format = Format(locale: Locale(identifier: "en_GB"))

        @Test func aDayIsCompletedRatedAgainAndTakenBack() async throws {
            let runner = try await Runner()
            let program = runner.store.training.program
            await program.load()
            #expect(program.total == 36 && program.completed == 0 && program.days.map(\.state) == [.open, .open, .open])

            let first = program.days[0].programDay
            await program.complete(first, intensity: .hard, now: runner.clock.time(), in: berlin)
            #expect(program.day(first).state == .done(runner.clock.time(), utcOffsetS: 7200))
            #expect(Wording(format).trainingDay(program.day(first)) == "Week 1, day 1. Done on Mon, 1 Jun 2026, hard")
            #expect(program.completed == 1)

            await program.rate(first, .perfect)
            #expect(program.day(first).intensity == .perfect && program.day(first).isDone)

            await program.uncomplete(first)
            #expect(program.day(first).state == .open && program.day(first).intensity == .perfect, "the rating stays")
            #expect(program.completed == 0 && program.changing.failure == nil)
        }

        @Test func aDayIsPlannedMovedAndUnplanned() async throws {
            let runner = try await Runner()
            let program = runner.store.training.program
            await program.load()
            let day = program.days[1].programDay
            for date in [CivilDate(year: 2026, month: 6, day: 3), CivilDate(year: 2026, month: 6, day: 4)] {
                await program.schedule(day, on: date)
                #expect(program.day(day).state == .scheduled(date))
            }
            #expect(format.state(program.day(day)) == "Planned for Thu, 4 Jun 2026")
            await program.schedule(day, on: nil)
            #expect(program.day(day).state == .open)
        }

        @Test func theWeekOfTheNextDayIsShownFirst() async throws {
            let runner = try await Runner()
            let before = ProgramModel(client: runner.client, program: .fiveByFive)
            await before.load()
            before.showPreviousWeek()
            #expect(before.week == 1, "there is none before the first")
            for day in before.days { await before.complete(day.programDay, intensity: nil, now: runner.clock.time(), in: .gmt) }

            let program = ProgramModel(client: runner.client, program: .fiveByFive)
            await program.load()
            #expect(program.week == 2 && program.next == ProgramDay(programId: "5x5", week: 2, day: 1))
            for _ in 0..<20 { program.showNextWeek() }
            #expect(program.week == 12 && !program.hasNextWeek, "nor after the last")
            await program.load()
            #expect(program.week == 12, "only the first look turns the page")
        }

        @Test func whatIsSaidElsewhereIsShown() async throws {
            let runner = try await Runner()
            let program = runner.store.training.program
            await program.load()
            let day = ProgramDay(programId: "5x5", week: 1, day: 2)
            _ = try await runner.client.programs().complete(day: day, completion: Completion(completedAt: runner.clock.time()))
            try await until("the screen hears of it") { program.day(day).isDone }
            _ = try await runner.client.programs().complete(
                day: ProgramDay(programId: "5x5", week: 40, day: 1),
                completion: Completion(completedAt: runner.clock.time())
            )
            await program.load()
            #expect(program.completed == 1, "a week that this program does not have counts nothing")
        }
    }
}
