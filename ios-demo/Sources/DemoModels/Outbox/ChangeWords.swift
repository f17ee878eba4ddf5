import Foundation
import Steadfast

/// A change of the outbox in a person's words.
public struct ChangeWords: Sendable, Equatable {
    /// What was changed: `Body mass: 177.5 lb`.
    public let title: String
    private let event: OutboxEvent

    /// Reads what the change says of its row; `format` says its numbers.
    public init(_ event: OutboxEvent, _ format: Format) {
        self.event = event
        title = ChangedFields(event, format).title
    }

    /// `5 minutes ago`.
    public func age(now: Date) -> String {
        let seconds = now.timeIntervalSince(event.createdAt)
        let units = [(86_400.0, "day"), (3600.0, "hour"), (60.0, "minute")]
        // A clock that was set back since has made it no younger than now.
        guard let (length, noun) = units.first(where: { seconds >= $0.0 }) else { return "just now" }
        let count = Int(seconds / length)
        return "\(count) \(noun)\(count == 1 ? "" : "s") ago"
    }

    /// Where it stands.
    public var status: String {
        switch event.status {
        case .pending: event.attempt > 0 ? "Waits to be sent again" : "Waits to be sent"
        case .processing: "Is being sent"
        case .failed: "Did not go through, and is tried again"
        case .dead: "The server refused it"
        case .completed: "The server has it"
        case .replaced: "A later change says it instead"
        case .discarded: "Given up"
        }
    }

    /// Why it did not go through: the server's words, or its code where it gave none; nothing if nothing went wrong.
    public var reason: String? {
        guard event.status == .dead || event.status == .failed else { return nil }
        let said = [event.errorMessage, event.errorCode].compactMap { $0 }.first { !$0.isEmpty }
        return said.map { "The server says: \($0)" } ?? "The server gave no reason."
    }

    /// What a person can do about it; nothing if it goes by itself.
    public var advice: String? {
        guard event.status == .dead else { return nil }
        return "Send it again, change it where you entered it (the new change takes its place), or discard it."
    }

    /// What is given up with it, asked before it is.
    public var loss: String {
        let what =
            event.isNewRecord
            ? "The server never had it: it disappears from this phone, with later changes of it."
            : "This phone shows again what the server has."
        return event.groupId == nil ? what : "\(what) What was saved together with it goes with it."
    }

    /// The row of the list, read as one sentence.
    public func spoken(now: Date) -> String {
        [title, age(now: now), status, reason, advice].compactMap { $0 }.joined(separator: ". ")
    }
}
