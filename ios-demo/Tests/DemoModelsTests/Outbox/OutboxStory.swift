import Foundation
import Steadfast
import Testing

@testable import DemoModels

private let format = Format(locale: Locale(identifier: "en_GB"))

extension Stories {
    @MainActor @Suite struct OutboxStory {
        /// Weighs the person, and gives the change once the outbox shows it.
        private func weigh(_ runner: Runner) async throws -> OutboxEvent {
            let outbox = runner.store.training.outbox
            let entry = NewProgressEntry(kind: .bodyMass, quantity: 177.5, unit: .pound, recordedAt: runner.clock.time())
            _ = try await runner.client.metrics().record(entry: entry)
            try await until("the outbox shows it") { outbox.pending.rows.contains { $0.entityKind == "progress_entry" } }
            return try #require(outbox.pending.rows.last)
        }

        /// Signs in at a server.
        private func signIn(_ runner: Runner, at server: SyncServer) async throws -> Sync {
            _ = try await runner.client.signIn(accountId: "ada", localData: .adopt)
            let sync = runner.client.sync()
            try sync.configure(config: SyncConfig(baseUrl: server.url))
            try sync.provideToken(accountId: "ada", token: "ada-1", expiresAt: nil)
            return sync
        }

        @Test func aDayThatIsCompletedWaitsAndIsShown() async throws {
            let runner = try await Runner()
            let (program, outbox) = (runner.store.training.program, runner.store.training.outbox)
            #expect(!outbox.isEmpty && outbox.badge == nil, "nothing is said before it is known")
            await outbox.reload()
            #expect(outbox.isEmpty && outbox.badge == nil)

            await program.load()
            await program.complete(program.days[0].programDay, intensity: .perfect, now: runner.clock.time(), in: .gmt)
            try await until("the outbox hears of it") { outbox.badge == "1" && !outbox.pending.rows.isEmpty }
            #expect(!outbox.isEmpty && outbox.waiting == 1 && outbox.refused == 0)
            let words = ChangeWords(try #require(outbox.pending.rows.first), format)
            #expect(words.title == "Training day: week 1, day 1, done, rated")
            #expect(words.status == "Waits to be sent" && words.reason == nil && words.advice == nil)
            let ages = [0.0, 59, 60, 300, 3600, 86_400, 259_200, -60].map { words.age(now: runner.clock.time().addingTimeInterval($0)) }
            let said = ["just now", "just now", "1 minute ago", "5 minutes ago", "1 hour ago", "1 day ago", "3 days ago", "just now"]
            #expect(ages == said)
        }

        @Test func whatTheServerRefusesIsShownWithItsReasonAndSentAgain() async throws {
            let runner = try await Runner()
            let (outbox, server) = (runner.store.training.outbox, try SyncServer())
            let sync = try await signIn(runner, at: server)
            let event = try await weigh(runner)
            server.reject(event, code: "invalid", message: "Nobody weighs that much.")
            // An edit may go on for a moment before it is sent.
            runner.clock.advance(ms: 60_000)
            let refusal = try await sync.syncOnce(deadlineMs: 20_000, cancel: nil)
            #expect(refusal.dead == 1 && server.pushes == 1)
            try await until("the outbox hears of it") { outbox.badge == "1 !" }
            try await until("the list too") { outbox.dead.rows.count == 1 && outbox.pending.isEmpty }
            let dead = try #require(outbox.dead.rows.first)
            let words = ChangeWords(dead, format)
            #expect(words.title == "Body mass: 177.5 lb" && words.status == "The server refused it")
            #expect(words.reason == "The server says: Nobody weighs that much.")
            #expect(words.advice?.hasPrefix("Send it again") == true)
            #expect(words.spoken(now: runner.clock.time()).contains("1 minute ago. The server refused it. The server says:"))

            await outbox.retry(dead)
            #expect(outbox.changing.failure == nil && outbox.dead.isEmpty && outbox.badge == "1")
            try server.take(dead)
            let acceptance = try await sync.syncOnce(deadlineMs: 20_000, cancel: nil)
            #expect(acceptance.taken == 1 && server.pushes == 2)
            try await until("nothing waits any more") { outbox.isEmpty && outbox.badge == nil }
            try await until("nor is listed") { outbox.pending.isEmpty && outbox.processing.isEmpty && outbox.dead.isEmpty }
        }

        @Test func whatDidNotGoThroughIsTriedAgainByItselfOrAtOnce() async throws {
            let runner = try await Runner()
            let (outbox, server) = (runner.store.training.outbox, try SyncServer())
            let sync = try await signIn(runner, at: server)
            let event = try await weigh(runner)
            server.postpone(event, code: "busy")
            runner.clock.advance(ms: 60_000)
            // The next attempt is a second away: longer than this run may take.
            #expect(try await sync.syncOnce(deadlineMs: 100, cancel: nil).failed == 1)
            // The counts and the lists are read one after the other, also while it is on its way.
            try await until("the outbox hears of it") { outbox.failed.rows.count == 1 && outbox.pending.isEmpty && outbox.waiting == 1 }
            #expect(outbox.badge == "1" && outbox.sending == 0 && outbox.refused == 0, "it goes by itself")
            let words = ChangeWords(outbox.failed.rows[0], format)
            #expect(words.status == "Did not go through, and is tried again")
            #expect(words.reason == "The server says: busy" && words.advice == nil)
            await outbox.retry(outbox.failed.rows[0])
            #expect(outbox.failed.isEmpty && outbox.pending.rows.map(\.opId) == [event.opId])
        }

        @Test func whatIsGivenUpLooksAsIfItHadNotBeenMade() async throws {
            let runner = try await Runner()
            let (metrics, outbox) = (runner.store.training.metrics, runner.store.training.outbox)
            await metrics.load(now: runner.clock.time(), in: .gmt)
            let event = try await weigh(runner)
            try await until("the list shows it") { metrics.entries.rows.count == 1 }
            #expect(ChangeWords(event, format).loss.hasPrefix("The server never had it"))
            await outbox.discard(event)
            #expect(outbox.isEmpty && outbox.changing.failure == nil)
            try await until("the list hears of it") { metrics.entries.isEmpty }
        }

        @Test func theOnlyCopyOfAWorkoutIsNotGivenUp() async throws {
            let runner = try await Runner()
            let outbox = runner.store.training.outbox
            try await runner.finishRun(seconds: 20)
            runner.store.record.saving?.title = "Around the town"
            #expect(await runner.store.record.save() != nil)
            try await until("the outbox shows it") { outbox.pending.rows.count == 1 }
            let event = outbox.pending.rows[0]
            #expect(ChangeWords(event, format).title == "Workout: Around the town")
            await outbox.discard(event)
            #expect(outbox.changing.failure?.code == "only_copy")
            #expect(outbox.changing.failure?.suggestion == "Send it again instead, or delete the workout itself.")
            #expect(outbox.pending.rows.map(\.opId) == [event.opId], "it waits as before")
        }

        @Test func everyChangeHasWordsAPersonUnderstands() async throws {
            let runner = try await Runner()
            let (client, outbox, now) = (runner.client, runner.store.training.outbox, runner.clock.time())
            let day = ProgramDay(programId: "5x5", week: 2, day: 3)
            _ = try await client.programs().schedule(days: [ScheduledDay(programDay: day, date: CivilDate(year: 2026, month: 6, day: 3))])
            let squat = try await client.strength().define(definition: ExerciseDefinitionDraft(name: "Back squat"))
            let set = SetDraft(reps: 5, weight: Weight(value: 102.5, unit: .kilogram))
            let exercise = ExerciseDraft(definitionId: squat.id, sets: [set])
            _ = try await client.strength().save(draft: WorkoutLogDraft(programDay: day, startedAt: now, exercises: [exercise]))
            let fat = NewProgressEntry(kind: .bodyFat, quantity: 18, unit: .percent, recordedAt: now)
            _ = try await client.metrics().record(entry: fat)
            let steps = NewProgressEntry(kind: .steps, quantity: 8500, unit: .count, recordedAt: now)
            _ = try await client.metrics().record(entry: steps)
            let habit = try await client.habits().record(log: NewHabitLog(kind: "Meditation", startedAt: now))
            try await client.habits().delete(id: habit.id)
            await outbox.reload()
            let titles = outbox.pending.rows.map { ChangeWords($0, format).title }
            #expect(
                titles == [
                    "Training day: week 2, day 3, planned", "Movement: Back squat", "Strength log: week 2, day 3",
                    "Exercise of a strength log", "Set of a strength log: 102.5 kg, 5 times", "Body fat: 18 %", "Steps: 8,500",
                    "Habit: Meditation", "Habit, deleted",
                ]
            )
            let log = try #require(outbox.pending.rows.first { $0.entityKind == "workout_log" })
            #expect(ChangeWords(log, format).loss.hasSuffix("What was saved together with it goes with it."))
        }

        @Test func whatWaitsIsListedAPageAtATime() async throws {
            let runner = try await Runner()
            for minute in 1...3 {
                let entry = NewHabitLog(kind: "Stretching \(minute)", startedAt: runner.clock.time())
                _ = try await runner.client.habits().record(log: entry)
            }
            let outbox = OutboxModel(client: runner.client, pageSize: 2)
            await outbox.reload()
            #expect(outbox.badge == "3" && outbox.pending.rows.count == 2 && outbox.pending.hasMore)
            await outbox.pending.loadMore(after: outbox.pending.rows[1])
            #expect(outbox.pending.rows.map { ChangeWords($0, format).title }.last == "Habit: Stretching 3")
            #expect(!outbox.pending.hasMore)
        }
    }
}
