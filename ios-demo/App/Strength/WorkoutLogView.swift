import DemoModels
import Steadfast
import SwiftUI

/// The strength work of a training day.
struct WorkoutLogView: View {
    @State var log: WorkoutLogModel
    let movements: MovementsModel
    @State private var chooses = false
    @State private var asksToDelete = false
    @Environment(\.dismiss) private var dismiss

    var body: some View {
        @Bindable var log = self.log
        Form {
            FailureSection(failure: log.changing.failure)
            ForEach($log.form.exercises) { exercise in
                ExerciseSection(log: log, exercise: exercise)
            }
            Section {
                Button("Add an exercise", systemImage: "plus") { chooses = true }
            }
            Section("About it") {
                Toggle("Finished", isOn: $log.form.isFinished)
                TextField("Notes", text: $log.form.notes, axis: .vertical)
                    .lineLimit(2...8)
            }
            if log.isEdited {
                Section {
                    Button("Throw away what is not saved", role: .destructive) { log.revert() }
                }
            }
            if log.log != nil {
                Section {
                    Button("Delete this log", role: .destructive) { asksToDelete = true }
                        .accessibilityHint("Asks before anything is removed")
                }
            }
        }
        .disabled(log.changing.isBusy)
        .navigationTitle("Week \(log.programDay.week), day \(log.programDay.day)")
        .navigationBarTitleDisplayMode(.inline)
        .toolbar {
            ToolbarItem(placement: .confirmationAction) {
                Button("Save") { Task { await log.save(now: .now) } }
                    .disabled(!log.isEdited || log.changing.isBusy)
                    .accessibilityLabel("Save the log")
            }
        }
        .task { await log.load() }
        .sheet(isPresented: $chooses) {
            MovementChooser(movements: movements) { log.addExercise($0) }
        }
        .confirmationDialog("Delete this log?", isPresented: $asksToDelete, titleVisibility: .visible) {
            Button("Delete", role: .destructive) { Task { await log.delete() } }
            Button("Keep", role: .cancel) {}
        } message: {
            Text("It is deleted with its exercises and sets, on every device.")
        }
        .onChange(of: log.isDeleted) { _, isDeleted in
            if isDeleted { dismiss() }
        }
        .failureSheet(log.reading.attempt)
    }
}

/// An exercise with its sets.
struct ExerciseSection: View {
    let log: WorkoutLogModel
    @Binding var exercise: WorkoutLogForm.ExerciseRow

    var body: some View {
        Section {
            ForEach($exercise.sets) { set in
                SetRowView(set: set, name: name(of: set.wrappedValue), isRefused: log.refusedSet == set.wrappedValue.id)
                    .swipeActions {
                        Button("Remove", systemImage: "trash", role: .destructive) { log.form.removeSet(set.wrappedValue.id) }
                    }
            }
            Button("Add a set", systemImage: "plus") { log.addSet(to: exercise) }
                .accessibilityLabel("Add a set of \(log.name(of: exercise))")
        } header: {
            HStack {
                Text(log.name(of: exercise))
                Spacer()
                options
            }
        }
    }

    private var options: some View {
        Menu("Options") {
            Button("Move up", systemImage: "arrow.up") { log.form.move(exercise.id, by: -1) }
                .disabled(!log.form.canMove(exercise.id, by: -1))
            Button("Move down", systemImage: "arrow.down") { log.form.move(exercise.id, by: 1) }
                .disabled(!log.form.canMove(exercise.id, by: 1))
            Button("Remove", systemImage: "trash", role: .destructive) { log.form.removeExercise(exercise.id) }
        }
        .accessibilityLabel("Options for \(log.name(of: exercise))")
    }

    private func name(of set: WorkoutLogForm.SetRow) -> String {
        let place = exercise.sets.firstIndex { $0.id == set.id } ?? 0
        return "\(log.name(of: exercise)), set \(place + 1)"
    }
}

/// A set: how much, how often, done or not.
struct SetRowView: View {
    @Binding var set: WorkoutLogForm.SetRow
    /// `Back squat, set 2`: what VoiceOver reads before each of its fields.
    let name: String
    let isRefused: Bool

    var body: some View {
        HStack {
            if isRefused {
                Image(systemName: "exclamationmark.triangle.fill")
                    .foregroundStyle(.red)
                    .accessibilityLabel("\(name) cannot be saved like this")
            }
            TextField("Weight", text: $set.weight)
                .numericKeyboard()
                .accessibilityLabel("\(name), weight in \(set.unit.name)")
            Picker("Unit", selection: $set.unit) {
                ForEach(WeightUnit.allCases, id: \.self) { unit in
                    Text(verbatim: unit.symbol).tag(unit)
                }
            }
            .labelsHidden()
            .accessibilityLabel("\(name), unit")
            TextField("Reps", text: $set.reps)
                .numericKeyboard()
                .accessibilityLabel("\(name), repetitions")
            Toggle("Done", isOn: $set.isCompleted)
                .labelsHidden()
                .accessibilityLabel("\(name), done")
        }
        .monospacedDigit()
    }
}
