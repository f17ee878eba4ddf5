import Steadfast

/// A program as this demo knows it. What programs there are is the app's business; the core keeps what a person did of their days.
public struct DemoProgram: Equatable, Sendable {
    /// What the core keeps the sessions under.
    public let id: String
    /// What a person calls it.
    public let name: String
    public let weeks: UInt32
    public let daysOfWeek: UInt32

    /// Three days a week for twelve weeks.
    public static let fiveByFive = DemoProgram(id: "5x5", name: "5×5", weeks: 12, daysOfWeek: 3)

    /// The training days of a week, from 1.
    public func days(ofWeek week: UInt32) -> [ProgramDay] {
        (0..<daysOfWeek).map { ProgramDay(programId: id, week: week, day: $0 + 1) }
    }

    /// All training days, in order.
    public var days: [ProgramDay] { (0..<weeks).flatMap { days(ofWeek: $0 + 1) } }
}
