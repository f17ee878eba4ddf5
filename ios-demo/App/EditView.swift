import DemoModels
import Steadfast
import SwiftUI

/// Title, notes and kind of a finished workout.
struct EditView: View {
    let detail: ActivityDetailModel
    @State private var title: String
    @State private var notes: String
    @State private var kind: ActivityKind
    @Environment(\.dismiss) private var dismiss

    init(detail: ActivityDetailModel) {
        self.detail = detail
        _title = State(initialValue: detail.activity.title)
        _notes = State(initialValue: detail.activity.notes)
        _kind = State(initialValue: detail.activity.kind)
    }

    var body: some View {
        NavigationStack {
            Form {
                TextField("Title", text: $title)
                TextField("Notes", text: $notes, axis: .vertical)
                    .lineLimit(3...10)
                Picker("Activity", selection: $kind) {
                    ForEach(ActivityKind.choices, id: \.self) { kind in
                        Text(verbatim: kind.name).tag(kind)
                    }
                }
            }
            .navigationTitle("Edit")
            .navigationBarTitleDisplayMode(.inline)
            .toolbar {
                ToolbarItem(placement: .cancellationAction) {
                    Button("Cancel") { dismiss() }
                }
                ToolbarItem(placement: .confirmationAction) {
                    Button("Save") {
                        Task {
                            if await detail.edit(title: title, notes: notes, kind: kind) { dismiss() }
                        }
                    }
                    .disabled(detail.attempt.isBusy)
                    .accessibilityLabel("Save changes")
                }
            }
        }
        .failureSheet(detail.attempt)
    }
}
