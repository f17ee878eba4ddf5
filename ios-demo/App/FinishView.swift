import DemoModels
import Steadfast
import SwiftUI

/// The finished workout: named, saved, taken up again or thrown away.
struct FinishView: View {
    let record: RecordModel
    @Bindable var saving: SaveModel
    let settings: DemoSettings
    @State private var asksToDiscard = false

    var body: some View {
        Form {
            if let statistics = record.statistics {
                Section {
                    FigureGrid(figures: totals(statistics))
                    if let warning = settings.wording.unsaved(statistics.unsavedSamples) {
                        WarningBar(text: warning)
                    }
                }
            }
            Section("About it") {
                TextField("Title", text: $saving.title)
                TextField("Notes", text: $saving.notes, axis: .vertical)
                    .lineLimit(3...8)
            }
            .disabled(saving.isSaving)
            Section {
                if saving.isSaving {
                    SaveProgressView(saving: saving)
                } else {
                    if saving.wasCancelled {
                        Text("Cancelled. Nothing was changed; the workout is still here.")
                    }
                    buttons
                }
            }
        }
        .navigationTitle("Save workout")
        .failureSheet(
            saving.failure,
            retry: { await record.save() },
            dismiss: { saving.dismissFailure() }
        )
        .confirmationDialog("Discard this workout?", isPresented: $asksToDiscard, titleVisibility: .visible) {
            Button("Discard", role: .destructive) { Task { await record.discard() } }
            Button("Keep", role: .cancel) {}
        } message: {
            Text("What was recorded is removed from this device. This cannot be undone.")
        }
    }

    @ViewBuilder private var buttons: some View {
        Button("Save") { Task { await record.save() } }
            .font(.headline)
        Button("Go on recording") { Task { await record.resume() } }
            .accessibilityHint("The workout is not finished; the time since then is a pause")
        Button("Discard", role: .destructive) { asksToDiscard = true }
            .accessibilityHint("Asks before anything is removed")
    }

    private func totals(_ statistics: LiveStatistics) -> [Figure] {
        [
            settings.figures.distance("Distance", statistics.distanceM),
            settings.figures.duration("Time", statistics.timerS),
            settings.figures.elevation("Climbed", statistics.elevationGainM),
        ]
    }
}

/// How far a save is, and the way to stop it.
struct SaveProgressView: View {
    let saving: SaveModel

    var body: some View {
        VStack(alignment: .leading, spacing: 8) {
            if let share = saving.share {
                ProgressView(value: share) { Text(phase) }
            } else {
                ProgressView { Text(phase) }
            }
            if let progress = saving.progress, progress.total > 0 {
                Text("\(progress.done) of \(progress.total)")
                    .font(.caption)
                    .monospacedDigit()
                    .foregroundStyle(.secondary)
                    .accessibilityHidden(true)
            }
        }
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(phase)
        .accessibilityValue(saving.spokenProgress)
        .accessibilityAddTraits(.updatesFrequently)
        Button("Cancel", role: .cancel) { saving.cancel() }
            .accessibilityLabel("Cancel saving")
            .accessibilityHint("The workout stays on this device, not saved")
    }

    private var phase: String { saving.progress.map { Wording.phase($0.phase) } ?? "Saving" }
}
