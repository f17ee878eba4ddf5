package dev.steadfast.demo.programs

import dev.steadfast.ExerciseDefinitionDraft
import dev.steadfast.Id
import dev.steadfast.ProgramDay

/** The demo's one program. What a program consists of belongs to the app; the core keeps what a person did of it. */
object DemoProgram {
    const val ID = "5x5"
    const val NAME = "5×5"
    const val WEEKS = 12
    const val DAYS_A_WEEK = 3
    const val DAYS = WEEKS * DAYS_A_WEEK
    const val SETS = 5
    const val REPS = 5

    val days: List<ProgramDay> =
        (1..WEEKS).flatMap { week -> (1..DAYS_A_WEEK).map { day -> ProgramDay(ID, week.toUInt(), day.toUInt()) } }

    fun day(week: Int, day: Int) = ProgramDay(ID, week.toUInt(), day.toUInt())

    /** Two workouts take turns. */
    fun movements(day: ProgramDay): List<DemoMovement> =
        if (days.indexOf(day) % 2 == 0) {
            listOf(DemoMovement.SQUAT, DemoMovement.BENCH_PRESS, DemoMovement.BARBELL_ROW)
        } else {
            listOf(DemoMovement.SQUAT, DemoMovement.OVERHEAD_PRESS, DemoMovement.DEADLIFT)
        }
}

/** The movements that the demo brings along. Their ids are fixed, so that they are the same ones on every device. */
enum class DemoMovement(id: String, val label: String, private val muscleGroup: String) {
    SQUAT("5a5f0001-0000-4000-8000-000000000001", "Squat", "Legs"),
    BENCH_PRESS("5a5f0001-0000-4000-8000-000000000002", "Bench press", "Chest"),
    BARBELL_ROW("5a5f0001-0000-4000-8000-000000000003", "Barbell row", "Back"),
    OVERHEAD_PRESS("5a5f0001-0000-4000-8000-000000000004", "Overhead press", "Shoulders"),
    DEADLIFT("5a5f0001-0000-4000-8000-000000000005", "Deadlift", "Back"),
    ;

    val id: Id = Id.fromString(id)

    val definition get() = ExerciseDefinitionDraft(id = id, name = label, equipment = "Barbell", muscleGroup = muscleGroup)
}
