extension SteadfastClient {
    /// The events from the moment of this access on: a recording that changed its state, how far a save is, what changed in the store.
    ///
    /// Each access is a stream of its own, with its own queue; statuses are conflated in it, so a slow reader gets the newest and no backlog.
    /// The stream keeps no store open. It ends when its task is cancelled, when the client is shut down, and when the client is gone; a loop
    /// that is left early leaves nothing behind.
    ///
    /// ```swift
    /// for await event in client.events {
    ///     if case .changed(.activity, let id) = event { await reload(id) }
    /// }
    /// ```
    public var events: AsyncStream<Event> {
        EventSubscription.stream(of: subscribe())
    }
}

extension EventSubscription {
    static func stream(of subscription: EventSubscription) -> AsyncStream<Event> {
        AsyncStream {
            await subscription.next()
        } onCancel: {
            // Wakes the `next` that waits; the core's futures know nothing of Swift's tasks.
            subscription.end()
        }
    }
}
