import DemoModels
import SwiftUI

/// What is on the screen while the store opens, if it cannot be opened, and after.
struct RootView: View {
    let model: AppModel

    var body: some View {
        switch model.phase {
        case .opening:
            ProgressView("Opening")
                .frame(maxWidth: .infinity, maxHeight: .infinity)
        case .failed(let failure):
            FailureView(failure: failure, retry: { await model.open() })
        case .open(let store):
            StoreView(store: store, model: model)
        }
    }
}

/// The tabs over an open store, and the question about what a crash left behind.
struct StoreView: View {
    let store: OpenStore
    let model: AppModel

    var body: some View {
        @Bindable var recovery = store.recovery
        TabView {
            RecordView(record: store.record, recovery: store.recovery, settings: model.settings, isReplay: model.isReplay)
                .tabItem { Label("Record", systemImage: "record.circle") }
            ActivityListView(store: store, settings: model.settings)
                .tabItem { Label("Activities", systemImage: "list.bullet") }
            TrainingView(training: store.training, settings: model.settings)
                .tabItem { Label("Training", systemImage: "figure.strengthtraining.traditional") }
            OutboxView(outbox: store.training.outbox, format: model.settings.format)
                .tabItem { Label("Outbox", systemImage: "tray.and.arrow.up") }
                .badge(store.training.outbox.badge)
            SettingsView(model: model, settings: model.settings)
                .tabItem { Label("Settings", systemImage: "gearshape") }
        }
        .safeAreaInset(edge: .top) {
            if let bytes = store.lowOnSpace {
                WarningBar(text: "This device is nearly full: \(Int64(bytes).formatted(.byteCount(style: .file))) are free.")
            }
        }
        .sheet(isPresented: $recovery.isOffered) {
            RecoveryView(recovery: recovery, settings: model.settings, isRecording: store.record.statistics != nil)
        }
        // The question shows its own failures.
        .failureSheet(recovery.isOffered ? nil : recovery.attempt)
        .failureSheet(store.failure, dismiss: { store.dismissFailure() })
    }
}
