import Foundation
import Steadfast

extension WeightUnit {
    /// `kg` or `lb`.
    public var symbol: String { self == .pound ? "lb" : "kg" }

    /// `kilograms` or `pounds`.
    public var name: String { self == .pound ? "pounds" : "kilograms" }
}

extension Format {
    /// `3 exercises, 12 of 15 sets done, 4,250 kg`.
    public func totals(_ log: WorkoutLogSummary) -> String {
        let exercises = log.exerciseCount == 1 ? "1 exercise" : "\(log.exerciseCount) exercises"
        let sets = "\(log.completedSetCount) of \(log.setCount) \(log.setCount == 1 ? "set" : "sets") done"
        return "\(exercises), \(sets), \(number(log.volumeLoadKg, digits: 0)) kg"
    }
}

extension Wording {
    /// A log of the list, read as one sentence.
    public func workoutLog(_ log: WorkoutLogSummary) -> String {
        let start = log.startedAt.map { format.dateAndTime($0, utcOffsetS: log.utcOffsetS) }
        let state = log.isWorkoutFinished ? "finished" : "not finished"
        let totals = format.totals(log).replacingOccurrences(of: " kg", with: " kilograms moved")
        return [format.day(log.programDay), start, state, totals].compactMap { $0 }.joined(separator: ", ")
    }
}

extension DemoSettings {
    /// What a first set is entered in: who runs in miles lifts in pounds.
    public var weightUnit: WeightUnit { unit == .mile ? .pound : .kilogram }
}
