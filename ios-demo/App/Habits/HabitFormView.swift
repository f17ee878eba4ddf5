import DemoModels
import SwiftUI

/// A habit, when, and whatever else is known of it.
struct HabitFormView: View {
    @Bindable var form: HabitFormModel
    @Environment(\.dismiss) private var dismiss

    var body: some View {
        NavigationStack {
            Form {
                FailureSection(failure: form.attempt.failure)
                Section {
                    TextField("Habit", text: $form.kind)
                    DatePicker("When", selection: $form.startedAt)
                }
                Section("If you like") {
                    TextField("Minutes", text: $form.minutes)
                        .numericKeyboard()
                    TextField("How", text: $form.method)
                    TextField("Mood", text: $form.mood)
                    TextField("How strong, 0 to 100", text: $form.potency)
                        .numericKeyboard()
                    TextField("Notes", text: $form.notes, axis: .vertical)
                        .lineLimit(2...6)
                }
            }
            .disabled(form.attempt.isBusy)
            .navigationTitle(form.isNew ? "New entry" : "Entry")
            .navigationBarTitleDisplayMode(.inline)
            .toolbar {
                ToolbarItem(placement: .cancellationAction) {
                    Button("Cancel") { dismiss() }
                }
                ToolbarItem(placement: .confirmationAction) {
                    Button("Save") {
                        Task {
                            if await form.save() { dismiss() }
                        }
                    }
                    .disabled(form.attempt.isBusy)
                    .accessibilityLabel(form.isNew ? "Save the entry" : "Save changes")
                }
            }
        }
    }
}
