import Foundation
import Steadfast

/// The movements that this demo brings along. Their ids are fixed, so that two devices that are offline bring the same ones.
enum DemoMovements {
    static let all: [ExerciseDefinitionDraft] = [
        movement(1, "Back squat", "barbell", "quadriceps"),
        movement(2, "Bench press", "barbell", "chest"),
        movement(3, "Barbell row", "barbell", "back"),
        movement(4, "Overhead press", "barbell", "shoulders"),
        movement(5, "Deadlift", "barbell", "back"),
        movement(6, "Pull-up", "bodyweight", "back"),
        movement(7, "Dip", "bodyweight", "chest"),
        movement(8, "Plank", "bodyweight", "core"),
    ]

    private static func movement(_ number: UInt8, _ name: String, _ equipment: String, _ muscleGroup: String) -> ExerciseDefinitionDraft {
        // A UUID of version 8: its other bits are the app's own.
        let id = UUID(uuid: (0x64, 0x65, 0x6d, 0x6f, 0x2d, 0x6d, 0x80, 0x76, 0x80, 0, 0, 0, 0, 0, 0, number))
        return ExerciseDefinitionDraft(id: id, name: name, equipment: equipment, muscleGroup: muscleGroup)
    }
}
