import Foundation
import Steadfast

/// The verbs of strength logs and of the catalogue of movements.
extension ScenarioApp {
    func lift(_ verb: String, _ arguments: Arguments) async throws -> JSON? {
        let strength = { try self.opened().strength() }
        let day = { try arguments.object("program_day", ProgramDay.init) }
        switch verb {
        case "save_log": return try await seen(strength().save(draft: arguments.object("draft", WorkoutLogDraft.init)))
        case "get_log": return try await seen(strength().get(programDay: day()) as Any)
        case "log_draft": return try await seen(strength().get(programDay: day())?.draft() as Any)
        case "log_history": return try await seen(strength().history(query: arguments.object("query", WorkoutLogQuery.init)))
        case "exercise_history":
            let (definition, limit) = (try arguments.id("definition_id"), try arguments.neededWhole("limit", UInt32.self))
            return try await seen(strength().exerciseHistory(definitionId: definition, limit: limit))
        case "delete_log": return try await seen(strength().delete(programDay: day()))
        case "define":
            let definition = try arguments.object("definition", ExerciseDefinitionDraft.init)
            return try await seen(strength().define(definition: definition))
        case "definitions": return try await seen(strength().definitions())
        case "definition": return try await seen(strength().definition(id: arguments.id()))
        case "remove_definition": return try await seen(strength().removeDefinition(id: arguments.id()))
        case "cache_statistics": return try seen(strength().cacheStatistics())
        default: return nil
        }
    }
}

extension WorkoutLogDraft {
    init(_ arguments: Arguments) throws {
        self.init(
            programDay: try arguments.object("program_day", ProgramDay.init),
            startedAt: try arguments.instant("started_at_ms"),
            utcOffsetS: try arguments.whole("utc_offset_s"),
            isWorkoutFinished: try arguments.bool("is_workout_finished") ?? false,
            notes: try arguments.text("notes"),
            exercises: try arguments.objects("exercises", ExerciseDraft.init) ?? []
        )
    }
}

extension ExerciseDraft {
    init(_ arguments: Arguments) throws {
        self.init(
            id: try arguments.optionalId("id"),
            definitionId: try arguments.id("definition_id"),
            notes: try arguments.text("notes"),
            bodyWeight: try arguments.optionalObject("body_weight", Weight.init),
            sets: try arguments.objects("sets", SetDraft.init) ?? []
        )
    }
}

extension SetDraft {
    init(_ arguments: Arguments) throws {
        self.init(
            index: try arguments.whole("index"),
            reps: try arguments.whole("reps"),
            weight: try arguments.optionalObject("weight", Weight.init),
            completed: try arguments.bool("completed") ?? false
        )
    }
}

extension Weight {
    init(_ arguments: Arguments) throws {
        self.init(value: try arguments.neededNumber("value"), unit: try arguments.neededName("unit"))
    }
}

extension WorkoutLogQuery {
    init(_ arguments: Arguments) throws {
        self.init(
            programId: try arguments.text("program_id"),
            from: try arguments.instant("from_ms"),
            until: try arguments.instant("until_ms"),
            limit: try arguments.whole("limit") ?? WorkoutLogQuery().limit,
            after: try arguments.text("after")
        )
    }
}

extension ExerciseDefinitionDraft {
    init(_ arguments: Arguments) throws {
        self.init(
            id: try arguments.optionalId("id"),
            name: try arguments.neededText("name"),
            equipment: try arguments.text("equipment"),
            muscleGroup: try arguments.text("muscle_group")
        )
    }
}
