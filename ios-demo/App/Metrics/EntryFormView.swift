import DemoModels
import Steadfast
import SwiftUI

/// A quantity with its unit, moment and notes.
struct EntryFormView: View {
    @Bindable var form: EntryFormModel
    @Environment(\.dismiss) private var dismiss

    var body: some View {
        NavigationStack {
            Form {
                FailureSection(failure: form.attempt.failure)
                Section {
                    TextField("Quantity", text: $form.quantity)
                        .numericKeyboard()
                        .accessibilityLabel("\(form.kind.name) in \(form.unit.name)")
                    Picker("Unit", selection: $form.unit) {
                        ForEach(form.units, id: \.self) { unit in
                            Text(verbatim: unit.name).tag(unit)
                        }
                    }
                    DatePicker("When", selection: $form.recordedAt)
                    TextField("Notes", text: $form.notes, axis: .vertical)
                        .lineLimit(2...6)
                }
            }
            .disabled(form.attempt.isBusy)
            .navigationTitle(form.kind.name)
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
