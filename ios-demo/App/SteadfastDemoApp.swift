import DemoModels
import SwiftUI

@main
struct SteadfastDemoApp: App {
    @State private var model: AppModel
    @Environment(\.scenePhase) private var scenePhase

    init() {
        let model = AppModel(settings: DemoSettings(), device: Device.feed, recoveryKey: { try Device.recoveryKey() })
        _model = State(initialValue: model)
        BackgroundLaunch.prepare(model)
    }

    var body: some Scene {
        WindowGroup {
            RootView(model: model)
        }
        .onChange(of: scenePhase, initial: true) { _, phase in
            switch phase {
            case .active: Task { await model.enterForeground() }
            case .background:
                model.enterBackground()
                BackgroundLaunch.schedule(model)
            default: break
            }
        }
    }
}
