package dev.steadfast.demo.strength

import dev.steadfast.ExerciseDraft
import dev.steadfast.Id
import dev.steadfast.ProgramDay
import dev.steadfast.SetDraft
import dev.steadfast.Weight
import dev.steadfast.WeightUnit
import dev.steadfast.WorkoutLog
import dev.steadfast.WorkoutLogDraft
import dev.steadfast.demo.format.typed
import dev.steadfast.demo.format.typedCount
import dev.steadfast.demo.format.typedNumber
import java.time.Instant

/**
 * A log while it is typed: numbers are text until they are saved, so that nothing is lost that cannot be one.
 *
 * @property isFinished the person is through with the workout
 */
data class LogForm(
    val startedAt: Instant?,
    val utcOffsetS: Int?,
    val isFinished: Boolean = false,
    val notes: String = "",
    val exercises: List<ExerciseForm> = emptyList(),
) {
    fun with(definitionId: Id, sets: List<SetForm>) = copy(exercises = exercises + ExerciseForm(definitionId, sets = sets))

    fun withoutExercise(exercise: Int) = copy(exercises = exercises.filterIndexed { index, _ -> index != exercise })

    /** @param by -1 for one up, 1 for one down */
    fun moved(exercise: Int, by: Int): LogForm {
        val to = exercise + by
        if (to !in exercises.indices) return this
        return copy(exercises = exercises.toMutableList().apply { add(to, removeAt(exercise)) })
    }

    /** A set more, which most often is like the one before, and not done yet. */
    fun withSet(exercise: Int) =
        changed(exercise) { it + (it.lastOrNull()?.copy(index = null, isDone = false) ?: SetForm(unit = lastUnit)) }

    fun withSet(exercise: Int, set: Int, form: SetForm) =
        changed(exercise) { sets -> sets.mapIndexed { index, before -> if (index == set) form else before } }

    fun withoutSet(exercise: Int, set: Int) = changed(exercise) { sets -> sets.filterIndexed { index, _ -> index != set } }

    /** What the core saves. */
    fun draft(day: ProgramDay) =
        WorkoutLogDraft(
            programDay = day,
            startedAt = startedAt,
            utcOffsetS = utcOffsetS,
            isWorkoutFinished = isFinished,
            notes = notes,
            exercises = exercises.map { it.draft() },
        )

    private val lastUnit get() = exercises.flatMap { it.sets }.lastOrNull()?.unit ?: WeightUnit.KILOGRAM

    private fun changed(exercise: Int, sets: (List<SetForm>) -> List<SetForm>) =
        copy(exercises = exercises.mapIndexed { index, form -> if (index == exercise) form.copy(sets = sets(form.sets)) else form })

    companion object {
        fun of(log: WorkoutLog) =
            LogForm(
                log.startedAt,
                log.utcOffsetS,
                log.isWorkoutFinished,
                log.notes.orEmpty(),
                log.draft().exercises.map { ExerciseForm.of(it) },
            )
    }
}

/**
 * An exercise while it is typed.
 *
 * @property before the exercise as it is stored, whose notes and body weight this form leaves alone; `null` for a new one
 */
data class ExerciseForm(val definitionId: Id, val before: ExerciseDraft? = null, val sets: List<SetForm> = emptyList()) {
    internal fun draft() = (before ?: ExerciseDraft(definitionId = definitionId)).copy(sets = sets.map { it.draft() })

    internal companion object {
        fun of(draft: ExerciseDraft) = ExerciseForm(draft.definitionId, draft, draft.sets.map { SetForm.of(it) })
    }
}

/**
 * A set while it is typed.
 *
 * @property index names the stored set; `null` for a new one
 */
data class SetForm(
    val index: UInt? = null,
    val weight: String = "",
    val unit: WeightUnit = WeightUnit.KILOGRAM,
    val reps: String = "",
    val isDone: Boolean = false,
) {
    internal fun draft() =
        SetDraft(
            index = index,
            reps = typedCount(reps)?.coerceAtMost(UInt.MAX_VALUE.toULong())?.toUInt(),
            weight = weight.takeIf { it.isNotBlank() }?.let { Weight(typedNumber(it), unit) },
            completed = isDone,
        )

    internal companion object {
        fun of(draft: SetDraft) =
            SetForm(
                draft.index,
                draft.weight?.let { typed(it.value) }.orEmpty(),
                draft.weight?.unit ?: WeightUnit.KILOGRAM,
                draft.reps?.toString().orEmpty(),
                draft.completed,
            )
    }
}

/**
 * Where in a log the core found a fault: `exercises[0].sets[3].reps`.
 *
 * @property set `null` if it is not in a set
 */
data class LogFault(val exercise: Int, val set: Int?, val name: String) {
    companion object {
        private val path = Regex("""exercises\[(\d+)](?:\.sets\[(\d+)])?\.([a-z_]+)""")

        /** `null` if the fault is not in an exercise. */
        fun of(field: String?): LogFault? {
            val (exercise, set, name) = field?.let(path::matchEntire)?.destructured ?: return null
            return LogFault(exercise.toInt(), set.toIntOrNull(), name)
        }
    }
}
