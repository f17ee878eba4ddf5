import Steadfast

extension ActivityKind {
    /// What a person calls it.
    public var name: String {
        switch self {
        case .running: "Running"
        case .trailRunning: "Trail running"
        case .treadmillRunning: "Treadmill running"
        case .walking: "Walking"
        case .hiking: "Hiking"
        case .cycling: "Cycling"
        case .mountainBiking: "Mountain biking"
        case .indoorCycling: "Indoor cycling"
        case .openWaterSwimming: "Open water swimming"
        case .poolSwimming: "Pool swimming"
        case .rowing: "Rowing"
        case .indoorRowing: "Indoor rowing"
        case .alpineSkiing: "Alpine skiing"
        case .crossCountrySkiing: "Cross-country skiing"
        case .skating: "Skating"
        case .sailing: "Sailing"
        case .other: "Other"
        case .indoorOther: "Other, indoors"
        }
    }

    /// The name of a system symbol for it.
    public var symbol: String {
        switch self {
        case .running, .trailRunning: "figure.run"
        case .treadmillRunning: "figure.run.treadmill"
        case .walking: "figure.walk"
        case .hiking: "figure.hiking"
        case .cycling, .mountainBiking: "figure.outdoor.cycle"
        case .indoorCycling: "figure.indoor.cycle"
        case .openWaterSwimming: "figure.open.water.swim"
        case .poolSwimming: "figure.pool.swim"
        case .rowing: "oar.2.crossed"
        case .indoorRowing: "figure.rower"
        case .alpineSkiing: "figure.skiing.downhill"
        case .crossCountrySkiing: "figure.skiing.crosscountry"
        case .skating: "figure.skating"
        case .sailing: "sailboat"
        case .other, .indoorOther: "figure.mixed.cardio"
        }
    }

    /// Whether people speak of speed with it rather than of pace.
    public var isMeasuredBySpeed: Bool {
        switch self {
        case .cycling, .mountainBiking, .indoorCycling, .alpineSkiing, .skating, .sailing: true
        default: false
        }
    }

    /// Those that can be chosen at the start, the usual ones first.
    public static let choices: [ActivityKind] = [
        .running, .trailRunning, .walking, .hiking, .cycling, .mountainBiking, .openWaterSwimming, .rowing, .alpineSkiing,
        .crossCountrySkiing, .skating, .sailing, .other, .treadmillRunning, .indoorCycling, .poolSwimming, .indoorRowing, .indoorOther,
    ]
}
