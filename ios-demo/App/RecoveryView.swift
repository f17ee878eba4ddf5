import DemoModels
import Steadfast
import SwiftUI

/// Asks what becomes of the workouts that a crash left behind.
struct RecoveryView: View {
    let recovery: RecoveryModel
    let settings: DemoSettings
    /// Only one workout can be recorded at a time.
    let isRecording: Bool
    @State private var toDiscard: RecoveryInfo?
    @Environment(\.dismiss) private var dismiss

    var body: some View {
        NavigationStack {
            List {
                Section {
                    Text(explanation)
                }
                ForEach(recovery.workouts, id: \.id) { workout in
                    Section {
                        RecoveredWorkout(workout: workout, damage: recovery.damage(of: workout), settings: settings)
                        actions(for: workout)
                    }
                }
                if let saving = recovery.saving {
                    Section { SaveProgressView(saving: saving) }
                }
            }
            .navigationTitle("Unfinished workouts")
            .navigationBarTitleDisplayMode(.inline)
            .toolbar {
                ToolbarItem(placement: .cancellationAction) {
                    Button("Later") { dismiss() }
                        .disabled(recovery.attempt.isBusy)
                        .accessibilityHint("They are kept and offered again")
                }
            }
        }
        .interactiveDismissDisabled(recovery.attempt.isBusy)
        .failureSheet(recovery.attempt)
        .confirmationDialog(
            "Discard this workout?",
            isPresented: Binding(get: { toDiscard != nil }, set: { if !$0 { toDiscard = nil } }),
            titleVisibility: .visible,
            presenting: toDiscard
        ) { workout in
            Button("Discard", role: .destructive) { Task { await recovery.discard(workout) } }
            Button("Keep", role: .cancel) {}
        } message: { _ in
            Text("What was recorded is removed from this device. This cannot be undone.")
        }
    }

    private var explanation: String {
        recovery.workouts.count == 1
            ? "The app was ended while this workout was being recorded. Nothing that was recorded is lost."
            : "The app was ended while these workouts were being recorded. Nothing that was recorded is lost."
    }

    @ViewBuilder private func actions(for workout: RecoveryInfo) -> some View {
        let name = settings.wording.recovered(workout)
        if workout.canResume {
            Button("Resume") { Task { await recovery.resume(workout) } }
                .disabled(recovery.attempt.isBusy || isRecording)
                .accessibilityLabel("Resume \(name)")
        }
        if workout.problem == nil {
            Button("Save") { Task { await recovery.save(workout) } }
                .disabled(recovery.attempt.isBusy)
                .accessibilityLabel("Save \(name)")
        }
        Button("Discard", role: .destructive) { toDiscard = workout }
            .disabled(recovery.attempt.isBusy)
            .accessibilityLabel("Discard \(name)")
    }
}

/// What is known of an unfinished workout.
struct RecoveredWorkout: View {
    let workout: RecoveryInfo
    let damage: Failure?
    let settings: DemoSettings

    var body: some View {
        VStack(alignment: .leading, spacing: 6) {
            Label(workout.kind.name, systemImage: workout.kind.symbol)
                .font(.headline)
            Text(settings.format.dateAndTime(workout.startedAt, utcOffsetS: nil))
                .foregroundStyle(.secondary)
            if let damage {
                Label(damage.summary, systemImage: "exclamationmark.triangle.fill")
                Text(damage.reason)
                    .font(.subheadline)
                Text(damage.suggestion)
                    .font(.subheadline)
            } else {
                Text("\(settings.format.distance(workout.distanceM)), \(settings.format.duration(workout.durationS))")
                    .monospacedDigit()
                Text(Wording.interrupted(workout.state))
                    .font(.subheadline)
                if let loss = settings.wording.loss(workout) {
                    Text(loss)
                        .font(.subheadline)
                }
                if !workout.canResume {
                    Text("Too long ago to go on with; it can be saved.")
                        .font(.subheadline)
                }
            }
        }
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(settings.wording.recovered(workout))
        .accessibilityValue(settings.wording.recoveredDetails(workout, damage: damage))
    }
}
