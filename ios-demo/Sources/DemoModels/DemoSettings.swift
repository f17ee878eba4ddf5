import Foundation
import Observation
import Steadfast

/// Where settings are kept between two starts.
public protocol SettingsStore {
    /// What was kept; false at first.
    func bool(forKey key: String) -> Bool
    /// Keeps a value.
    func set(_ value: Bool, forKey key: String)
}

extension UserDefaults: SettingsStore {}

/// What the person chose, kept in the app's defaults.
@MainActor @Observable public final class DemoSettings {
    /// Kilometres or miles.
    public var unit: SplitUnit { didSet { defaults.set(unit == .mile, forKey: Key.miles) } }
    /// Standing still pauses the workout.
    public var pausesByItself: Bool { didSet { defaults.set(pausesByItself, forKey: Key.pausesByItself) } }
    /// A computed run instead of the device's receiver.
    public var replays: Bool { didSet { defaults.set(replays, forKey: Key.replays) } }

    private enum Key {
        static let miles = "miles"
        static let pausesByItself = "pausesByItself"
        static let replays = "replays"
    }

    private let defaults: any SettingsStore

    /// What was chosen before; kilometres and the device's receiver at first.
    public init(defaults: any SettingsStore = UserDefaults.standard) {
        self.defaults = defaults
        unit = defaults.bool(forKey: Key.miles) ? .mile : .kilometre
        pausesByItself = defaults.bool(forKey: Key.pausesByItself)
        replays = defaults.bool(forKey: Key.replays)
    }

    /// Shows numbers as chosen.
    public var format: Format { Format(unit: unit) }
    /// Reads numbers as chosen.
    public var wording: Wording { Wording(format) }
    /// Makes figures as chosen.
    public var figures: Figures { Figures(format) }
}
