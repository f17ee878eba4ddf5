import DemoModels
import Steadfast
import SwiftUI

/// Units, auto-pause, and where positions come from.
struct SettingsView: View {
    let model: AppModel
    @Bindable var settings: DemoSettings

    var body: some View {
        NavigationStack {
            Form {
                Picker("Units", selection: $settings.unit) {
                    Text("Kilometres").tag(SplitUnit.kilometre)
                    Text("Miles").tag(SplitUnit.mile)
                }
                Toggle("Pause when standing still", isOn: $settings.pausesByItself)
                Section {
                    Toggle("Replay a made-up run", isOn: $settings.replays)
                        .disabled(model.store?.record.statistics != nil || !model.hasDevice)
                } footer: {
                    Text(
                        "Stands in for this device's location, 20 times as fast. Its workouts are kept apart from your own. "
                            + "Cannot be switched while recording."
                    )
                }
            }
            .navigationTitle("Settings")
            .onChange(of: settings.replays) { _, _ in
                Task { await model.reopen() }
            }
        }
    }
}
