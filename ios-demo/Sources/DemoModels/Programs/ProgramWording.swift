import Foundation
import Steadfast

extension Intensity {
    /// What a person calls it.
    public var name: String {
        switch self {
        case .easy: "Easy"
        case .perfect: "Just right"
        case .hard: "Hard"
        }
    }
}

extension Format {
    /// `Week 1, day 3`.
    public func day(_ day: ProgramDay) -> String { "Week \(day.week), day \(day.day)" }

    /// `Done on Wed, 28 Jan 2026, just right`; what VoiceOver reads as well.
    public func state(_ day: TrainingDay) -> String {
        let state =
            switch day.state {
            case .open: "Open"
            case .scheduled(let planned): "Planned for \(date(planned))"
            case .done(let moment, let offset): "Done on \(date(moment, utcOffsetS: offset))"
            }
        return [state, day.intensity?.name.lowercased()].compactMap { $0 }.joined(separator: ", ")
    }
}

extension Wording {
    /// A training day, read as one sentence.
    public func trainingDay(_ day: TrainingDay) -> String {
        "\(format.day(day.programDay)). \(format.state(day))"
    }

    /// How far a program is.
    public static func progress(completed: Int, total: Int) -> String { "\(completed) of \(total) training days done" }
}
