import DemoModels
import Steadfast
import SwiftUI

/// The tab that records: the start, the numbers, the finish.
struct RecordView: View {
    let record: RecordModel
    let recovery: RecoveryModel
    let settings: DemoSettings
    let isReplay: Bool

    var body: some View {
        NavigationStack {
            Group {
                if let saving = record.saving {
                    FinishView(record: record, saving: saving, settings: settings)
                } else if let statistics = record.statistics {
                    LiveView(record: record, settings: settings, statistics: statistics, isReplay: isReplay)
                } else {
                    StartView(record: record, recovery: recovery, isReplay: isReplay)
                }
            }
            .navigationBarTitleDisplayMode(.inline)
        }
        .failureSheet(record.attempt)
    }
}

/// Chooses what is recorded, and starts it.
struct StartView: View {
    @Bindable var record: RecordModel
    let recovery: RecoveryModel
    let isReplay: Bool

    var body: some View {
        VStack(spacing: 16) {
            Form {
                Picker("Activity", selection: $record.chosenKind) {
                    ForEach(ActivityKind.choices, id: \.self) { kind in
                        Label(kind.name, systemImage: kind.symbol).tag(kind)
                    }
                }
                .pickerStyle(.navigationLink)
                if let reminder = Wording.unfinished(recovery.workouts.count) {
                    Button {
                        recovery.isOffered = true
                    } label: {
                        Label(reminder, systemImage: "arrow.counterclockwise")
                    }
                    .accessibilityHint("Asks what becomes of them")
                }
                if isReplay { ReplayNotice() }
            }
            Button {
                Task { await record.start() }
            } label: {
                Label("Start", systemImage: "play.fill")
                    .font(.title2.bold())
                    .frame(maxWidth: .infinity)
            }
            .buttonStyle(.borderedProminent)
            .controlSize(.large)
            .disabled(record.attempt.isBusy)
            .accessibilityLabel("Start \(record.chosenKind.name)")
            .accessibilityHint("Begins to record")
            .padding()
        }
        .navigationTitle("Record")
    }
}

/// Says that the positions are made up.
struct ReplayNotice: View {
    var body: some View {
        Label("Replay: a made-up run stands in for this device's location.", systemImage: "repeat.circle")
            .font(.footnote)
            .foregroundStyle(.secondary)
    }
}
