import Foundation
import Observation
import Steadfast

/// What the server has yet to hear, what it refused, and what a person can do about that.
@MainActor @Observable public final class OutboxModel {
    /// The changes of one status, oldest first.
    public typealias Changes = Pages<OutboxEvent, UInt64>

    /// Refused: these need the person.
    public let dead: Changes
    /// On their way.
    public let processing: Changes
    /// Did not go through, and are tried again by themselves.
    public let failed: Changes
    /// Wait for their turn.
    public let pending: Changes
    /// How many stand where; nothing before the first count.
    public private(set) var statistics: OutboxStatistics?
    /// Counts.
    public let reading = Reading()
    /// Sends again and gives up.
    public let changing = Attempt()

    private let outbox: Outbox

    public init(client: SteadfastClient, pageSize: UInt32 = 30) {
        let outbox = client.outbox()
        self.outbox = outbox
        let changes: (OutboxStatus) -> Changes = { status in
            Pages(size: pageSize) { limit, after in
                let page = try await outbox.events(query: OutboxQuery(status: status, limit: limit, after: after))
                return (page.events, page.next)
            }
        }
        dead = changes(.dead)
        processing = changes(.processing)
        failed = changes(.failed)
        pending = changes(.pending)
    }

    /// Changes that go by themselves once they can.
    public var waiting: UInt64 { (statistics?.pending ?? 0) + (statistics?.failed ?? 0) }

    /// Changes that are on their way.
    public var sending: UInt64 { statistics?.processing ?? 0 }

    /// Changes that the server refused.
    public var refused: UInt64 { statistics?.dead ?? 0 }

    /// True once it is known that the server has everything, or nothing was ever changed.
    public var isEmpty: Bool { statistics != nil && waiting + sending + refused == 0 }

    /// What stands on the tab: how many wait, and a mark if the server refused some; nothing if there are none.
    public var badge: String? {
        guard statistics != nil, !isEmpty else { return nil }
        return "\(waiting + sending + refused)\(refused > 0 ? " !" : "")"
    }

    /// Counts, and reads the lists again as far as they were read before.
    public func reload() async {
        await reading.run { [self] in statistics = try await outbox.statistics() }
        for changes in [dead, processing, failed, pending] { await changes.reload() }
    }

    /// Sends a change again, with whatever belongs to it.
    public func retry(_ event: OutboxEvent) async {
        await changing.run { [outbox] in _ = try await outbox.retry(opIds: [event.opId]) }
        await reload()
    }

    /// Gives a change up, with whatever belongs to it: the server never hears of it, and the data looks as if it had not been made.
    public func discard(_ event: OutboxEvent) async {
        await changing.run { [outbox] in _ = try await outbox.discard(opIds: [event.opId]) }
        await reload()
    }
}
