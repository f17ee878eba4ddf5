import Foundation
import Steadfast

/// Numbers and states as VoiceOver reads them: whole words, no symbols that would be spelt out.
public struct Wording: Sendable, Equatable {
    /// Says the numbers; the same that the screen shows.
    public var format: Format

    public init(_ format: Format) { self.format = format }

    /// Read in the place of a dash.
    public static let unknown = "not available"

    /// `3.42 kilometres`.
    public func distance(_ metres: Double) -> String {
        let number = format.distanceNumber(metres)
        let isOne = number == format.distanceNumber(format.unit.metres)
        return "\(number) \(distanceUnit)\(isOne ? "" : "s")"
    }

    /// `1 hour, 2 minutes, 3 seconds`; parts that are zero are left out.
    public func duration(_ seconds: Double) -> String {
        let total = format.wholeSeconds(seconds)
        let parts = [(total / 3600, "hour"), (total / 60 % 60, "minute"), (total % 60, "second")]
        let said = parts.filter { $0.0 > 0 }.map { counted($0.0, $0.1) }
        return said.isEmpty ? counted(0, "second") : said.joined(separator: ", ")
    }

    /// `5 minutes, 4 seconds per kilometre`.
    public func pace(_ secondsPerKilometre: Double?) -> String {
        guard let seconds = format.paceSeconds(secondsPerKilometre) else { return Self.unknown }
        return "\(duration(seconds)) per \(distanceUnit)"
    }

    /// `21.4 kilometres per hour`.
    public func speed(_ metresPerSecond: Double?) -> String {
        guard metresPerSecond != nil else { return Self.unknown }
        return "\(format.speedNumber(metresPerSecond)) \(distanceUnit)s per hour"
    }

    /// `123 metres`.
    public func elevation(_ metres: Double?) -> String {
        guard metres != nil else { return Self.unknown }
        let number = format.elevationNumber(metres)
        let (one, many) = format.unit == .mile ? ("foot", "feet") : ("metre", "metres")
        return "\(number) \(number == "1" ? one : many)"
    }

    /// `142 beats per minute`.
    public func heartRate(_ beatsPerMinute: Double?) -> String {
        guard beatsPerMinute != nil else { return Self.unknown }
        return "\(format.whole(beatsPerMinute)) beats per minute"
    }

    /// What the recording is doing.
    public static func state(_ state: RecordingState) -> String {
        switch state {
        case .recording: "Recording"
        case .paused: "Paused"
        case .autoPaused: "Paused, standing still"
        case .stopped: "Finished, not saved yet"
        }
    }

    /// The warning beside samples that are in memory only; nothing if there are none.
    public func unsaved(_ samples: UInt64) -> String? {
        guard samples > 0 else { return nil }
        let noun = samples == 1 ? "sample is" : "samples are"
        return "\(format.count(samples)) \(noun) in memory only. Free some space on this device and keep the app open."
    }

    /// What a save is doing.
    public static func phase(_ phase: SavePhase) -> String {
        switch phase {
        case .validating: "Checking"
        case .activity: "Saving the activity"
        case .track: "Saving the track"
        case .splits: "Saving the splits"
        case .committing: "Making it permanent"
        case .clearing: "Tidying up"
        }
    }

    /// The row of a list, read as one sentence.
    public func activity(_ activity: Activity) -> String {
        let title = activity.title.isEmpty ? activity.kind.name : activity.title
        let parts = [
            title, format.dateAndTime(activity.startedAt, utcOffsetS: activity.utcOffsetS), distance(activity.distanceM),
            duration(activity.timerS),
        ]
        return parts.joined(separator: ", ")
    }

    /// A split, read as one sentence.
    public func split(_ split: Split) -> String {
        var parts = ["\(split.isFull ? "Split" : "Last split") \(split.index)"]
        if !split.isFull { parts.append(distance(split.distanceM)) }
        parts += [duration(split.durationS), pace(split.paceSPerKm), "\(elevation(split.elevationGainM)) up"]
        return parts.joined(separator: ", ")
    }

    /// What a picture of the route shows.
    public func route(_ activity: Activity) -> String {
        "Route of \(distance(activity.distanceM)) in \(counted(Int(activity.segmentCount), "part"))"
    }

    /// What a picture of the elevation shows.
    public func elevationProfile(lowestM: Double, highestM: Double, gainM: Double) -> String {
        "From \(elevation(lowestM)) to \(elevation(highestM)) above sea level, \(elevation(gainM)) climbed"
    }

    /// An unfinished workout, short enough to be said with every button that is about it.
    public func recovered(_ workout: RecoveryInfo) -> String {
        let start = format.dateAndTime(workout.startedAt, utcOffsetS: nil)
        // Of one that cannot be read not even the kind is known.
        return workout.problem == nil ? "\(workout.kind.name) of \(start)" : "Damaged workout of \(start)"
    }

    /// What there is to know before deciding about an unfinished workout.
    public func recoveredDetails(_ workout: RecoveryInfo, damage: Failure?) -> String {
        if let damage { return "\(damage.summary). \(damage.reason) \(damage.suggestion)" }
        let parts = [Self.interrupted(workout.state), distance(workout.distanceM), duration(workout.durationS), loss(workout)]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }

    /// What an unfinished workout was doing when the app ended.
    public static func interrupted(_ state: RecordingState) -> String {
        switch state {
        case .recording: "Ended while recording"
        case .paused, .autoPaused: "Ended while paused"
        case .stopped: "Finished, but not saved"
        }
    }

    /// What could not be read of an unfinished workout; nothing if it is whole.
    public func loss(_ workout: RecoveryInfo) -> String? {
        guard workout.problem == nil else { return nil }
        if workout.missingRecords > 0 {
            let noun = workout.missingRecords == 1 ? "record" : "records"
            return "\(format.count(workout.missingRecords)) \(noun) could not be read; the rest is whole"
        }
        return workout.tornTail ? "The last moment could not be read; the rest is whole" : nil
    }

    /// The reminder of workouts that were left for later; nothing if there are none.
    public static func unfinished(_ count: Int) -> String? {
        switch count {
        case ...0: nil
        case 1: "1 unfinished workout"
        default: "\(count) unfinished workouts"
        }
    }

    /// How grave an error is.
    public static func severity(_ severity: Severity) -> String {
        switch severity {
        case .warning: "Note"
        case .error: "Error"
        case .critical: "Critical error"
        }
    }

    /// A lap, read as one sentence.
    public func lap(_ lap: Lap) -> String {
        ["Lap \(lap.index)", distance(lap.distanceM), duration(lap.durationS), pace(lap.paceSPerKm)].joined(separator: ", ")
    }

    private var distanceUnit: String { format.unit == .mile ? "mile" : "kilometre" }

    private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
