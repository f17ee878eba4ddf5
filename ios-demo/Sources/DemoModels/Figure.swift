import Steadfast

/// One number of a screen: what it is called, what is shown, and what VoiceOver reads.
public struct Figure: Identifiable, Equatable, Sendable {
    /// `Distance`. Also what tells the numbers of a screen apart.
    public let label: String
    /// `3.42`.
    public let value: String
    /// `km`; empty where the number needs none.
    public let symbol: String
    /// `3.42 kilometres`.
    public let spoken: String

    public var id: String { label }

    public init(label: String, value: String, symbol: String = "", spoken: String) {
        self.label = label
        self.value = value
        self.symbol = symbol
        self.spoken = spoken
    }
}

/// Makes figures out of the core's numbers.
public struct Figures: Sendable {
    private let format: Format
    private let wording: Wording

    public init(_ format: Format) {
        self.format = format
        wording = Wording(format)
    }

    /// Seconds on a clock.
    public func duration(_ label: String, _ seconds: Double) -> Figure {
        Figure(label: label, value: format.duration(seconds), spoken: wording.duration(seconds))
    }

    /// Metres along the ground.
    public func distance(_ label: String, _ metres: Double) -> Figure {
        Figure(label: label, value: format.distanceNumber(metres), symbol: format.distanceSymbol, spoken: wording.distance(metres))
    }

    /// Seconds per kilometre.
    public func pace(_ label: String, _ secondsPerKilometre: Double?) -> Figure {
        let (value, spoken) = (format.paceNumber(secondsPerKilometre), wording.pace(secondsPerKilometre))
        return Figure(label: label, value: value, symbol: format.paceSymbol, spoken: spoken)
    }

    /// Metres per second.
    public func speed(_ label: String, _ metresPerSecond: Double?) -> Figure {
        let (value, spoken) = (format.speedNumber(metresPerSecond), wording.speed(metresPerSecond))
        return Figure(label: label, value: value, symbol: format.speedSymbol, spoken: spoken)
    }

    /// Metres up.
    public func elevation(_ label: String, _ metres: Double?) -> Figure {
        let (value, spoken) = (format.elevationNumber(metres), wording.elevation(metres))
        return Figure(label: label, value: value, symbol: format.elevationSymbol, spoken: spoken)
    }

    /// Beats per minute.
    public func heartRate(_ label: String, _ beatsPerMinute: Double?) -> Figure {
        let (value, spoken) = (format.whole(beatsPerMinute), wording.heartRate(beatsPerMinute))
        return Figure(label: label, value: value, symbol: "bpm", spoken: spoken)
    }

    /// The numbers beside the timer while recording.
    public func live(_ statistics: LiveStatistics) -> [Figure] {
        let bySpeed = statistics.kind.isMeasuredBySpeed
        return [
            distance("Distance", statistics.distanceM),
            bySpeed ? speed("Speed", statistics.currentSpeedMps) : pace("Pace", statistics.currentPaceSPerKm),
            heartRate("Heart rate", statistics.heartRateBpm),
            bySpeed
                ? speed("Average speed", averageSpeed(statistics)) : pace("Average pace", statistics.averagePaceSPerKm),
            elevation("Climbed", statistics.elevationGainM),
            duration("Lap \(statistics.completedLaps + 1) time", statistics.lapDurationS),
            distance("Lap \(statistics.completedLaps + 1) distance", statistics.lapDistanceM),
        ]
    }

    /// The totals of a finished activity. A sensor that measured nothing has no number.
    public func totals(_ activity: Activity) -> [Figure] {
        var figures = [distance("Distance", activity.distanceM), duration("Time", activity.timerS), duration("Moving", activity.movingS)]
        if activity.kind.isMeasuredBySpeed {
            figures.append(speed("Average speed", activity.averageSpeedMps))
        } else {
            figures.append(pace("Average pace", activity.averageSpeedMps.map { 1000 / $0 }))
        }
        figures.append(elevation("Climbed", activity.elevationGainM))
        if activity.averageHeartRateBpm != nil { figures.append(heartRate("Average heart rate", activity.averageHeartRateBpm)) }
        if activity.maxHeartRateBpm != nil { figures.append(heartRate("Highest heart rate", activity.maxHeartRateBpm)) }
        return figures
    }

    private func averageSpeed(_ statistics: LiveStatistics) -> Double? { statistics.averagePaceSPerKm.map { 1000 / $0 } }
}
