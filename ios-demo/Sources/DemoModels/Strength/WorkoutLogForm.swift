import Foundation
import Steadfast

/// A workout log as its screen holds it: what was typed, to the letter, until the core has taken it.
public struct WorkoutLogForm: Equatable, Sendable {
    /// A set of an exercise.
    public struct SetRow: Identifiable, Equatable, Sendable {
        public let id: UUID
        /// Names the set in the log; nothing for a new one.
        let index: UInt32?
        /// As typed; empty for none.
        public var weight: String
        public var unit: WeightUnit
        /// As typed; empty if nobody counted.
        public var reps: String
        public var isCompleted: Bool
    }

    /// An exercise of the log.
    public struct ExerciseRow: Identifiable, Equatable, Sendable {
        public let id: UUID
        /// Names the exercise in the log; nothing for a new one.
        let exerciseId: UUID?
        /// The movement.
        public let definitionId: UUID
        // Not on the screen, and not lost by it either: what a draft leaves out is deleted.
        let notes: String?
        let bodyWeight: Weight?
        public var sets: [SetRow]
    }

    public var notes: String
    public var isFinished: Bool
    /// In the person's order.
    public var exercises: [ExerciseRow]

    /// The form of a log; empty for a day without one.
    init(_ log: WorkoutLog?, numbers: NumberText) {
        notes = log?.notes ?? ""
        isFinished = log?.isWorkoutFinished ?? false
        exercises = (log?.exercises ?? []).map { exercise in
            ExerciseRow(
                id: exercise.id,
                exerciseId: exercise.id,
                definitionId: exercise.definitionId,
                notes: exercise.notes,
                bodyWeight: exercise.bodyWeight,
                sets: exercise.sets.map { set in
                    SetRow(
                        id: set.id,
                        index: set.index,
                        weight: set.weight.map { numbers.text($0.value) } ?? "",
                        unit: set.weight?.unit ?? .kilogram,
                        reps: set.reps.map { "\($0)" } ?? "",
                        isCompleted: set.completed
                    )
                }
            )
        }
    }

    /// What is to be saved. A weight that is no number goes along as none, and the core refuses it in its own words.
    ///
    /// - Throws: `invalid_argument` naming the field for repetitions that are no whole number.
    func draft(of day: ProgramDay, startedAt: Date?, utcOffsetS: Int32?, numbers: NumberText) throws -> WorkoutLogDraft {
        let exercises = try exercises.enumerated().map { at, exercise in
            let sets = try exercise.sets.enumerated().map { place, set in
                SetDraft(
                    index: set.index,
                    reps: try numbers.whole(set.reps, field: "exercises[\(at)].sets[\(place)].reps"),
                    weight: numbers.optionalValue(set.weight).map { Weight(value: $0, unit: set.unit) },
                    completed: set.isCompleted
                )
            }
            return ExerciseDraft(
                id: exercise.exerciseId,
                definitionId: exercise.definitionId,
                notes: exercise.notes,
                bodyWeight: exercise.bodyWeight,
                sets: sets
            )
        }
        return WorkoutLogDraft(
            programDay: day,
            startedAt: startedAt,
            utcOffsetS: utcOffsetS,
            isWorkoutFinished: isFinished,
            notes: notes,
            exercises: exercises
        )
    }

    /// Adds an exercise with one empty set at the end.
    public mutating func addExercise(_ definitionId: UUID, unit: WeightUnit) {
        let set = SetRow(id: UUID(), index: nil, weight: "", unit: unit, reps: "", isCompleted: false)
        let row = ExerciseRow(id: UUID(), exerciseId: nil, definitionId: definitionId, notes: nil, bodyWeight: nil, sets: [set])
        exercises.append(row)
    }

    /// Takes an exercise with its sets out of the log.
    public mutating func removeExercise(_ id: UUID) { exercises.removeAll { $0.id == id } }

    /// True if the exercise has a place so many places further down, or up.
    public func canMove(_ id: UUID, by places: Int) -> Bool {
        exercises.firstIndex { $0.id == id }.map { exercises.indices.contains($0 + places) } ?? false
    }

    /// Moves an exercise down, or up.
    public mutating func move(_ id: UUID, by places: Int) {
        guard canMove(id, by: places), let from = exercises.firstIndex(where: { $0.id == id }) else { return }
        exercises.insert(exercises.remove(at: from), at: from + places)
    }

    /// Adds a set at the end, as heavy and as long as the one before it: most are.
    public mutating func addSet(to id: UUID, unit: WeightUnit) {
        guard let at = exercises.firstIndex(where: { $0.id == id }) else { return }
        let before = exercises[at].sets.last
        exercises[at].sets.append(
            SetRow(
                id: UUID(),
                index: nil,
                weight: before?.weight ?? "",
                unit: before?.unit ?? unit,
                reps: before?.reps ?? "",
                isCompleted: false
            )
        )
    }

    /// Takes a set out of its exercise.
    public mutating func removeSet(_ id: UUID) {
        for at in exercises.indices { exercises[at].sets.removeAll { $0.id == id } }
    }

    /// The set of a field's path, such as `exercises[0].sets[3].reps`.
    func set(ofField path: String) -> SetRow? {
        guard let place = path.wholeMatch(of: /exercises\[(\d+)\]\.sets\[(\d+)\]\..*/) else { return nil }
        guard let exercise = Int(place.1), let set = Int(place.2), exercises.indices.contains(exercise) else { return nil }
        return exercises[exercise].sets.indices.contains(set) ? exercises[exercise].sets[set] : nil
    }
}
