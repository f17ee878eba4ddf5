import Foundation
import Steadfast

/// A training day with what is known of it.
public struct TrainingDay: Identifiable, Equatable, Sendable {
    /// What a person sees first.
    public enum State: Equatable, Sendable {
        /// Nothing was said of it, or nothing but how it felt.
        case open
        /// It is to take place on this date.
        case scheduled(CivilDate)
        /// It was completed, with the offset of local time from UTC in seconds, if that is known.
        case done(Date, utcOffsetS: Int32?)
    }

    public let programDay: ProgramDay
    public let state: State
    /// How hard it felt, done or not.
    public let intensity: Intensity?
    /// The date for which it is or was scheduled.
    public let scheduledDate: CivilDate?

    public var id: ProgramDay { programDay }
    /// True once it was completed.
    public var isDone: Bool { if case .done = state { true } else { false } }

    /// A day and its session, if anything was said of it.
    init(_ programDay: ProgramDay, session: ProgramSession?) {
        self.programDay = programDay
        intensity = session?.intensity
        scheduledDate = session?.scheduledDate
        if let completedAt = session?.completedAt {
            state = .done(completedAt, utcOffsetS: session?.completedUtcOffsetS)
        } else if let date = session?.scheduledDate {
            state = .scheduled(date)
        } else {
            state = .open
        }
    }
}
