package dev.steadfast.demo

import dev.steadfast.Exercise
import dev.steadfast.ExerciseDefinition
import dev.steadfast.ExerciseSet
import dev.steadfast.HabitLog
import dev.steadfast.Intensity
import dev.steadfast.MetricKind
import dev.steadfast.MetricUnit
import dev.steadfast.OutboxEvent
import dev.steadfast.OutboxStatistics
import dev.steadfast.OutboxStatus
import dev.steadfast.ProgramDay
import dev.steadfast.ProgramSession
import dev.steadfast.ProgressEntry
import dev.steadfast.SyncState
import dev.steadfast.SyncStatus
import dev.steadfast.Weight
import dev.steadfast.WeightUnit
import dev.steadfast.WorkoutLog
import dev.steadfast.WorkoutLogSummary
import dev.steadfast.demo.metrics.MetricLine
import dev.steadfast.demo.outbox.OutboxState
import dev.steadfast.demo.programs.DemoMovement
import dev.steadfast.demo.programs.DemoProgram
import dev.steadfast.demo.programs.ProgramsState
import dev.steadfast.demo.strength.LogForm
import dev.steadfast.demo.strength.LogState
import dev.steadfast.demo.trouble.Trouble
import dev.steadfast.toCivilDate
import java.time.LocalDate
import java.util.UUID

/** States of the training tab to draw, of the shapes that the core gives. What the core computes is not tested with these. */
object TrainingFixtures {
    val today: LocalDate = LocalDate.of(2026, 11, 21)
    private val now = Fixtures.start.plusSeconds(7_200)

    val refused =
        Trouble(
            summary = "The value cannot be used",
            reason = "A value is outside its allowed range.",
            suggestion = "Correct the value and try again.",
            isRetryable = false,
            isCritical = false,
            code = "invalid_argument",
            field = "quantity",
        )

    val onlyCopy =
        Trouble(
            summary = "This is the only copy",
            reason = "The server never had this workout; without the change it would be gone.",
            suggestion = "Send it again instead, or delete the workout itself.",
            isRetryable = false,
            isCritical = false,
            code = "only_copy",
        )

    /** Four weeks are done; of the fifth the first day is, and the second is planned. */
    val programs =
        ProgramsState(
            today,
            DemoProgram.days.take(13).mapIndexed(::done) + planned(DemoProgram.days[13]),
            week = 5,
        )

    private fun done(index: Int, day: ProgramDay) =
        session(day).copy(
            completedAt = Fixtures.start.minusSeconds((12L - index) * 172_800),
            completedUtcOffsetS = 3_600,
            intensity = Intensity.entries[index % 3],
        )

    private fun planned(day: ProgramDay) = session(day).copy(scheduledDate = today.plusDays(1).toCivilDate())

    private fun session(day: ProgramDay) =
        ProgramSession(
            id = UUID(5, day.week.toLong() * 10 + day.day.toLong()),
            programDay = day,
            completedAt = null,
            completedUtcOffsetS = null,
            intensity = null,
            scheduledDate = null,
            version = 0,
            lastModified = null,
        )

    val logs =
        List(6) { number ->
            WorkoutLogSummary(
                id = UUID(6, number.toLong()),
                programDay = DemoProgram.days[12 - number],
                startedAt = Fixtures.start.minusSeconds(number * 172_800L),
                utcOffsetS = 3_600,
                isWorkoutFinished = number > 0,
                exerciseCount = 3u,
                setCount = 15u,
                completedSetCount = if (number == 0) 9u else 15u,
                volumeLoadKg = 6_150.0 - number * 187.5,
            )
        }

    private val catalogue =
        DemoMovement.entries.map { ExerciseDefinition(it.id, it.label, "Barbell", it.definition.muscleGroup) }.sortedBy { it.name }

    private fun exercise(number: Int, movement: DemoMovement, weight: Weight, done: Int) =
        Exercise(
            id = UUID(7, number.toLong()),
            definitionId = movement.id,
            occurrence = 0u,
            position = "a$number",
            notes = null,
            bodyWeight = null,
            sets = List(3) { ExerciseSet(UUID(8, number * 10L + it), it.toUInt(), 5u, weight, it < done) },
        )

    private val log =
        WorkoutLog(
            id = UUID(6, 0),
            programDay = DemoProgram.days[12],
            startedAt = Fixtures.start,
            utcOffsetS = 3_600,
            isWorkoutFinished = false,
            notes = null,
            exercises =
                listOf(
                    exercise(0, DemoMovement.SQUAT, Weight(82.5, WeightUnit.KILOGRAM), done = 3),
                    exercise(1, DemoMovement.BENCH_PRESS, Weight(135.0, WeightUnit.POUND), done = 1),
                ),
            version = 0,
            lastModified = null,
        )

    val logState get() = LogState(log.programDay, LogForm.of(log), isStored = true, catalogue = catalogue)

    val entries =
        listOf(177.5 to MetricUnit.POUND, 80.4 to MetricUnit.KILOGRAM, 178.25 to MetricUnit.POUND, 81.0 to MetricUnit.KILOGRAM)
            .mapIndexed { number, (quantity, unit) ->
                ProgressEntry(
                    id = UUID(9, number.toLong()),
                    kind = MetricKind.BODY_MASS,
                    quantity = quantity,
                    unit = unit,
                    quantitySi = if (unit == MetricUnit.POUND) quantity * 0.45359237 else quantity,
                    recordedAt = Fixtures.start.minusSeconds(number * 172_800L),
                    utcOffsetS = 3_600,
                    date = today.minusDays(number * 2L).toCivilDate(),
                    notes = if (number == 1) "After the long run, before breakfast" else null,
                    source = null,
                    externalId = null,
                    backendId = null,
                    version = 0,
                    lastModified = null,
                )
            }

    val line =
        MetricLine(
            listOf(82.6, 82.1, 82.3, 81.7, 81.9, 81.2, 81.4, 80.9, 81.0, 80.4, 80.5).mapIndexed { index, kg ->
                today.minusDays((10L - index) * 6) to kg
            },
            MetricUnit.KILOGRAM,
        )

    val habits =
        listOf(
            Triple("Meditation", 720_000uL, "calm"),
            Triple("Stretching", 900_000uL, null),
            Triple("Smoke", null, "tired"),
        ).mapIndexed { number, (kind, duration, mood) ->
            HabitLog(
                id = UUID(10, number.toLong()),
                kind = kind,
                startedAt = Fixtures.start.minusSeconds(number * 5_400L),
                utcOffsetS = 3_600,
                date = today.toCivilDate(),
                durationMs = duration,
                method = null,
                notes = if (number == 0) "Window open, ten breaths at a time." else null,
                mood = mood,
                potency = null,
                source = null,
                externalId = null,
                version = 0,
                lastModified = null,
            )
        }

    val statistics = OutboxStatistics(3uL, 1uL, 1uL, 1uL, 0uL, 0uL, 0uL, Fixtures.start)

    private fun event(number: Int, kind: String, status: OutboxStatus, isNew: Boolean = true) =
        OutboxEvent(
            seq = number.toULong(),
            opId = UUID(11, number.toLong()),
            rootKind = kind,
            rootId = UUID(12, number.toLong()),
            entityKind = kind,
            entityId = UUID(12, number.toLong()),
            operation = "upsert",
            fields = "{}",
            status = status,
            attempt = if (status == OutboxStatus.FAILED) 2u else 0u,
            maxAttempts = 5u,
            isNewRecord = isNew,
            groupId = null,
            notBefore = now.plusSeconds(300).takeIf { status == OutboxStatus.FAILED },
            errorCode = "invalid".takeIf { status == OutboxStatus.DEAD },
            errorMessage = PushServer.REASON.takeIf { status == OutboxStatus.DEAD },
            createdAt = now.minusSeconds(number * 2_400L),
            lastAttemptAt = null,
            completedAt = null,
        )

    val events =
        listOf(
            event(40, "program_session", OutboxStatus.DEAD, isNew = false),
            event(3, "activity", OutboxStatus.PROCESSING),
            event(2, "progress_entry", OutboxStatus.FAILED),
            event(1, "habit_log", OutboxStatus.PENDING),
            event(0, "exercise_set", OutboxStatus.PENDING, isNew = false),
        )

    val outbox = OutboxState(statistics, sync(SyncState.WAITING), events, now = now)

    val emptyOutbox = OutboxState(OutboxStatistics(0uL, 0uL, 0uL, 0uL, 0uL, 0uL, 0uL, null), sync(SyncState.STOPPED), now = now)

    private fun sync(state: SyncState) = SyncStatus(state, null, null, 0uL, 0uL, 0uL, null, null)
}
