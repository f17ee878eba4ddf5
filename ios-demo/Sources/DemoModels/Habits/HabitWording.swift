import Foundation
import Steadfast

extension Format {
    /// What is known of an entry beside its name and time: `20:00, garden, calm, 40 of 100`.
    public func details(_ log: HabitLog) -> String {
        let duration = log.durationMs.map { self.duration(Double($0) / 1000) }
        let parts = [duration, log.method, log.mood, log.potency.map { "\($0) of 100" }, log.notes]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }
}

extension Wording {
    /// An entry of a habit, read as one sentence.
    public func habit(_ log: HabitLog) -> String {
        let duration = log.durationMs.map { self.duration(Double($0) / 1000) }
        let potency = log.potency.map { "\($0) of 100" }
        let parts = [log.kind, format.time(log.startedAt, utcOffsetS: log.utcOffsetS), duration, log.method, log.mood, potency, log.notes]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }
}
