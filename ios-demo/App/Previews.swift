#if canImport(UIKit)
    import DemoModels
    import Steadfast
    import SwiftUI

    #Preview("A warning") {
        FailureView(failure: Failure(code: "distance_too_short"), dismiss: {})
    }

    #Preview("An error that may pass, dark, large text") {
        FailureView(failure: Failure(code: "storage_full"), retry: {}, dismiss: {})
            .preferredColorScheme(.dark)
            .dynamicTypeSize(.accessibility3)
    }

    #Preview("Numbers") {
        let figures = Figures(Format())
        ScrollView {
            TimerText(figure: figures.duration("Time", 3723))
            FigureGrid(figures: [
                figures.distance("Distance", 10_420), figures.pace("Pace", 304), figures.heartRate("Heart rate", 152),
                figures.elevation("Climbed", nil),
            ])
        }
        .padding()
    }

    #Preview("The app, with a replay") {
        RootView(
            model: AppModel(
                settings: DemoSettings(),
                device: nil,
                folder: { DataFolder(URL.temporaryDirectory.appendingPathComponent("preview-\($0)")) }
            )
        )
    }
#endif
