// A stand-in for ActivityKit. For type-checking the guide's examples on Linux; see README.md.
//
// What Apple documents is not documented again.
// swift-format-ignore-file
import Foundation

public protocol ActivityAttributes: Codable, Sendable {
    associatedtype ContentState: Codable, Hashable, Sendable
}

public struct ActivityContent<State: Codable & Hashable & Sendable>: Sendable {
    public init(state: State, staleDate: Date?, relevanceScore: Double = 0) { fatalError() }
}

public struct PushType: Sendable {}

public struct ActivityUIDismissalPolicy: Sendable {
    public static let immediate = ActivityUIDismissalPolicy()
}

public final class Activity<Attributes: ActivityAttributes>: Sendable {
    public static func request(
        attributes: Attributes,
        content: ActivityContent<Attributes.ContentState>,
        pushType: PushType? = nil
    ) throws -> Activity<Attributes> { fatalError() }
    public func update(_ content: ActivityContent<Attributes.ContentState>) async { fatalError() }
    public func end(
        _ content: ActivityContent<Attributes.ContentState>?,
        dismissalPolicy: ActivityUIDismissalPolicy
    ) async { fatalError() }
}
