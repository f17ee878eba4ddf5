import Foundation
import Steadfast
import Testing

@testable import DemoModels

private let british = Locale(identifier: "en_GB")

extension Stories {
    @MainActor @Suite struct StrengthStory {
        private let day = ProgramDay(programId: "5x5", week: 1, day: 1)

        /// The log of a day with one exercise that was chosen from the catalogue.
        private func log(of day: ProgramDay, in runner: Runner, movement: String = "squat") async throws -> WorkoutLogModel {
            let strength = runner.store.training.strength
            let log = strength.log(of: day, unit: .kilogram, locale: british)
            await log.load()
            try await choose(movement, for: log, in: runner)
            return log
        }

        private func choose(_ movement: String, for log: WorkoutLogModel, in runner: Runner) async throws {
            let movements = runner.store.training.strength.movements
            movements.search = movement
            let found = try #require(movements.found.first, "\(movement) is there to be chosen")
            log.addExercise(try #require(await movements.choose(found)))
        }

        @Test func setsAreTypedSavedPutInOrderAndListed() async throws {
            let runner = try await Runner()
            let strength = runner.store.training.strength
            let log = try await log(of: day, in: runner)
            #expect(log.isEdited && log.log == nil)
            (log.form.exercises[0].sets[0].weight, log.form.exercises[0].sets[0].reps) = ("102.5", "5")
            log.form.exercises[0].sets[0].isCompleted = true
            log.addSet(to: log.form.exercises[0])
            #expect(log.form.exercises[0].sets[1].weight == "102.5", "most sets are as the one before")
            try await choose("Bench", for: log, in: runner)
            log.form.exercises[1].sets[0].unit = .pound
            (log.form.exercises[1].sets[0].weight, log.form.exercises[1].sets[0].reps) = ("135", "8")
            #expect(await log.save(now: runner.clock.time(), in: .gmt))

            let saved = try #require(log.log)
            #expect(!log.isEdited && saved.startedAt == runner.clock.time())
            #expect(saved.exercises[0].sets.map(\.weight) == Array(repeating: Weight(value: 102.5, unit: .kilogram), count: 2))
            #expect(saved.exercises[1].sets.map(\.weight) == [Weight(value: 135, unit: .pound)], "as it was entered")

            let bench = log.form.exercises[1]
            #expect(!log.form.canMove(bench.id, by: 1))
            log.form.move(bench.id, by: -1)
            log.form.removeSet(log.form.exercises[1].sets[1].id)
            runner.clock.advance(ms: 3_600_000)
            #expect(await log.save(now: runner.clock.time(), in: .gmt))
            let read = try #require(try await runner.client.strength().get(programDay: day))
            #expect(read.exercises.map(\.definitionId) == [bench.definitionId, saved.exercises[0].definitionId])
            #expect(read.exercises[1].sets.count == 1)
            #expect(read.startedAt == saved.startedAt, "saving again starts nothing again")

            await strength.history.reload()
            let row = try #require(strength.history.rows.first)
            let said = "Week 1, day 1, 1 Jun 2026 at 12:00, not finished, 2 exercises, 1 of 2 sets done, 513 kilograms moved"
            #expect(Wording(Format(locale: british)).workoutLog(row) == said)
            await log.delete()
            #expect(log.isDeleted)
            try await until("the list hears of the end") { strength.history.isEmpty }
        }

        @Test(arguments: [("weight", "abc"), ("weight", "1,000"), ("weight", "99999"), ("reps", "five"), ("reps", "-5"), ("reps", "99999")])
        func whatCannotBeSavedIsSaidAndStays(field: String, typed: String) async throws {
            let runner = try await Runner()
            let log = try await log(of: day, in: runner)
            log.addSet(to: log.form.exercises[0])
            let set = log.form.exercises[0].sets[1].id
            if field == "weight" { log.form.exercises[0].sets[1].weight = typed } else { log.form.exercises[0].sets[1].reps = typed }
            #expect(await !log.save(now: runner.clock.time()))
            #expect(log.changing.failure?.code == "invalid_argument")
            #expect(log.changing.failure?.field == "exercises[0].sets[1].\(field)")
            #expect(log.changing.failure?.suggestion == "Correct the value and try again.")
            #expect(log.refusedSet == set)
            let kept = log.form.exercises[0].sets[1]
            #expect((field == "weight" ? kept.weight : kept.reps) == typed, "nothing that was typed is lost")

            log.form.exercises[0].sets[1].weight = ""
            log.form.exercises[0].sets[1].reps = "5"
            #expect(await log.save(now: runner.clock.time()))
            #expect(log.refusedSet == nil && log.log?.exercises[0].sets[1].reps == 5)
        }

        @Test func whatIsBeingTypedSurvivesAChangeFromElsewhere() async throws {
            let runner = try await Runner()
            let log = try await log(of: day, in: runner)
            #expect(await log.save(now: runner.clock.time()))
            log.form.notes = "Felt heav"
            var draft = try #require(log.log).draft()
            draft = WorkoutLogDraft(programDay: draft.programDay, notes: "From the watch", exercises: draft.exercises)
            _ = try await runner.client.strength().save(draft: draft)
            try await until("the screen hears of it") { log.log?.notes == "From the watch" }
            #expect(log.form.notes == "Felt heav" && log.isEdited)
            log.revert()
            #expect(log.form.notes == "From the watch" && !log.isEdited)
        }

        @Test func whatTheScreenDoesNotShowIsNotLost() async throws {
            let runner = try await Runner()
            let first = try await log(of: day, in: runner)
            let bodyWeight = Weight(value: 180, unit: .pound)
            let exercise = ExerciseDraft(definitionId: first.form.exercises[0].definitionId, notes: "Belt", bodyWeight: bodyWeight)
            _ = try await runner.client.strength().save(draft: WorkoutLogDraft(programDay: day, exercises: [exercise]))
            first.revert()
            await first.load()
            first.form.notes = "Short"
            #expect(await first.save(now: runner.clock.time()))
            let saved = try #require(try await runner.client.strength().get(programDay: day)?.exercises.first)
            #expect(saved.notes == "Belt" && saved.bodyWeight == bodyWeight)
        }

        @Test func aMovementThatNobodyKnewIsPutIntoTheCatalogue() async throws {
            let runner = try await Runner()
            let movements = runner.store.training.strength.movements
            await movements.load()
            #expect(try await runner.client.strength().definitions().isEmpty, "looking at movements writes none")
            movements.search = "Zercher squat"
            #expect(movements.found.isEmpty && movements.newName == "Zercher squat")
            let id = try #require(await movements.choose(ExerciseDefinitionDraft(name: "Zercher squat")))
            #expect(movements.name(of: id) == "Zercher squat")
            movements.search = "zercher SQUAT"
            #expect(movements.found.map(\.id) == [id] && movements.newName == nil)
            #expect(await movements.choose(ExerciseDefinitionDraft(name: " ")) == nil)
            #expect(movements.changing.failure?.field == "name")
        }

        @Test func logsAreListedNewestFirstAPageAtATime() async throws {
            let runner = try await Runner()
            let strength = StrengthModel(client: runner.client, pageSize: 2)
            for number in 1...3 {
                runner.clock.advance(ms: 86_400_000)
                let log = strength.log(of: ProgramDay(programId: "5x5", week: 1, day: UInt32(number)), unit: .kilogram, locale: british)
                await log.load()
                log.form.isFinished = true
                #expect(await log.save(now: runner.clock.time()))
            }
            await strength.history.reload()
            #expect(strength.history.rows.map(\.programDay.day) == [3, 2] && strength.history.hasMore)
            await strength.history.loadMore(after: strength.history.rows[1])
            #expect(strength.history.rows.map(\.programDay.day) == [3, 2, 1] && !strength.history.hasMore)
        }
    }
}
