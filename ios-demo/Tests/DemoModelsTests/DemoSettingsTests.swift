import Steadfast
import Testing

@testable import DemoModels

@MainActor @Suite struct DemoSettingsTests {
    @Test func whatWasChosenIsThereAtTheNextStart() {
        let kept = MemorySettings()
        let settings = DemoSettings(defaults: kept)
        #expect(settings.unit == .kilometre && !settings.replays && !settings.pausesByItself)
        (settings.unit, settings.replays, settings.pausesByItself) = (.mile, true, true)
        let later = DemoSettings(defaults: kept)
        #expect(later.unit == .mile && later.replays && later.pausesByItself)
        #expect(later.format.distance(1609.344) == "1.00 mi")
    }
}
