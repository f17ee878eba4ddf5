import DemoModels
import Steadfast
import SwiftUI

/// Chooses a movement of the catalogue, or puts a new one into it.
struct MovementChooser: View {
    @Bindable var movements: MovementsModel
    let choose: @MainActor (UUID) -> Void
    @Environment(\.dismiss) private var dismiss

    var body: some View {
        NavigationStack {
            List {
                FailureSection(failure: movements.changing.failure)
                ForEach(movements.found, id: \.id) { movement in
                    Button {
                        take(movement)
                    } label: {
                        VStack(alignment: .leading) {
                            Text(movement.name)
                            Text([movement.equipment, movement.muscleGroup].compactMap { $0 }.joined(separator: ", "))
                                .font(.subheadline)
                                .foregroundStyle(.secondary)
                        }
                    }
                }
                if let name = movements.newName {
                    Button("Add “\(name)”", systemImage: "plus") { take(ExerciseDefinitionDraft(name: name)) }
                        .accessibilityHint("Puts a new movement into the catalogue")
                }
            }
            .disabled(movements.changing.isBusy)
            .searchable(text: $movements.search, prompt: "Movement")
            .navigationTitle("Choose a movement")
            .navigationBarTitleDisplayMode(.inline)
            .toolbar {
                ToolbarItem(placement: .cancellationAction) {
                    Button("Cancel") { dismiss() }
                }
            }
        }
        .failureSheet(movements.reading.attempt)
    }

    private func take(_ movement: ExerciseDefinitionDraft) {
        Task {
            guard let id = await movements.choose(movement) else { return }
            choose(id)
            dismiss()
        }
    }
}
