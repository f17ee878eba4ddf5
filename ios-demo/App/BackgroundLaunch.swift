import DemoModels
import Steadfast

#if canImport(UIKit)
    import UIKit

    /// What happens when the system starts the app and nobody looks.
    @MainActor enum BackgroundLaunch {
        /// Registers the work that the system may run at night, and takes up a recording that the system interrupted. Call it before the app
        /// has finished launching.
        static func prepare(_ model: AppModel) {
            BackgroundTasks.register(store: { try await model.storeForBackgroundWork() })
            // Delivered on the main thread, after launching.
            NotificationCenter.default.addObserver(forName: UIApplication.didFinishLaunchingNotification, object: nil, queue: .main) { _ in
                Task { @MainActor in
                    // A scene that comes to the screen has opened the store by now, and asks the person.
                    try? await Task.sleep(for: .seconds(2))
                    if model.store == nil { await model.open(resumesFresh: true) }
                }
            }
        }

        /// Asks for time at night if a save was cut off. Without it the workout is offered at the next start.
        static func schedule(_ model: AppModel) {
            Task {
                guard await model.hasBackgroundWork() else { return }
                do {
                    try BackgroundTasks.schedule()
                } catch {
                    model.store?.show(error)
                }
            }
        }
    }
#else
    /// Where no system starts apps by itself there is nothing to prepare.
    @MainActor enum BackgroundLaunch {
        static func prepare(_ model: AppModel) {}
        static func schedule(_ model: AppModel) {}
    }
#endif
