package dev.steadfast.conformance

import dev.steadfast.ExerciseDefinitionDraft
import dev.steadfast.ExerciseDraft
import dev.steadfast.ProgramDay
import dev.steadfast.SetDraft
import dev.steadfast.Strength
import dev.steadfast.Weight
import dev.steadfast.WorkoutLogDraft
import dev.steadfast.WorkoutLogQuery

/** Strength logs of training days, and the catalogue of movements. */
fun Actor.strengthCall(verb: String, arguments: Arguments): Call? =
    when (verb) {
        "save_log" -> arguments.objectOf("draft", ::draft).let { { strength().save(it) } }
        "get_log" -> day(arguments).let { { strength().get(it) } }
        "log_draft" -> day(arguments).let { { strength().get(it)?.draft() } }
        "log_history" -> query(arguments).let { { strength().history(it) } }
        "exercise_history" -> exerciseHistory(arguments)
        "delete_log" -> day(arguments).let { { strength().delete(it) } }
        "define" -> arguments.objectOf("definition", ::definition).let { { strength().define(it) } }
        "definitions" -> ({ strength().definitions() })
        "definition" -> arguments.id("id").let { { strength().definition(it) } }
        "remove_definition" -> arguments.id("id").let { { strength().removeDefinition(it) } }
        "cache_statistics" -> ({ strength().cacheStatistics() })
        else -> null
    }

private fun Actor.strength(): Strength = openClient().strength()

private fun Actor.exerciseHistory(arguments: Arguments): Call {
    val definitionId = arguments.id("definition_id")
    val limit = arguments.long("limit").toUInt()
    return { strength().exerciseHistory(definitionId, limit) }
}

private fun day(arguments: Arguments): ProgramDay =
    arguments.objectOf("program_day") { ProgramDay(it.text("program_id"), it.long("week").toUInt(), it.long("day").toUInt()) }

private fun draft(arguments: Arguments): WorkoutLogDraft =
    WorkoutLogDraft(
        programDay = day(arguments),
        startedAt = arguments.instantOrNull("started_at_ms"),
        utcOffsetS = arguments.intOrNull("utc_offset_s"),
        isWorkoutFinished = arguments.truth("is_workout_finished"),
        notes = arguments.textOrNull("notes"),
        exercises = arguments.listOrNull("exercises", ::exercise).orEmpty(),
    )

private fun exercise(arguments: Arguments): ExerciseDraft =
    ExerciseDraft(
        id = arguments.idOrNull("id"),
        definitionId = arguments.id("definition_id"),
        notes = arguments.textOrNull("notes"),
        bodyWeight = arguments.objectOrNull("body_weight", ::weight),
        sets = arguments.listOrNull("sets", ::setDraft).orEmpty(),
    )

private fun setDraft(arguments: Arguments): SetDraft =
    SetDraft(
        index = arguments.uintOrNull("index"),
        reps = arguments.uintOrNull("reps"),
        weight = arguments.objectOrNull("weight", ::weight),
        completed = arguments.truth("completed"),
    )

/** A weight as it was entered. */
fun weight(arguments: Arguments): Weight = Weight(arguments.number("value"), arguments.name("unit"))

private fun query(arguments: Arguments): WorkoutLogQuery =
    arguments.objectOrEmpty("query") {
        WorkoutLogQuery(
            programId = it.textOrNull("program_id"),
            from = it.instantOrNull("from_ms"),
            until = it.instantOrNull("until_ms"),
            limit = it.uintOrNull("limit") ?: WorkoutLogQuery().limit,
            after = it.textOrNull("after"),
        )
    }

private fun definition(arguments: Arguments): ExerciseDefinitionDraft =
    ExerciseDefinitionDraft(
        id = arguments.idOrNull("id"),
        name = arguments.text("name"),
        equipment = arguments.textOrNull("equipment"),
        muscleGroup = arguments.textOrNull("muscle_group"),
    )
