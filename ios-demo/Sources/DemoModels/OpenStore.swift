import Foundation
import Observation
import Steadfast

/// The screens' models over one open client.
@MainActor @Observable public final class OpenStore {
    public let record: RecordModel
    public let list: ActivityListModel
    public let recovery: RecoveryModel
    public let training: TrainingModels
    /// Bytes that are free on a device that is nearly full; nothing while there is room.
    public private(set) var lowOnSpace: UInt64?
    /// What went wrong while the app went to sleep or woke up.
    public private(set) var failure: Failure?

    private let access: StoreAccess
    private let failures: AsyncStream<Failure>
    private var watchers: [Task<Void, Never>] = []

    /// The models over a client; it is theirs from now on.
    public init(client: SteadfastClient, folder: DataFolder, feed: any LocationFeed, settings: DemoSettings) {
        let (failures, sink) = AsyncStream.makeStream(of: Failure.self)
        let suspension = StorageSuspension(client, folder: folder) { sink.yield(Failure($0)) }
        let access = StoreAccess(client: client, suspension: suspension)
        self.failures = failures
        self.access = access
        let record = RecordModel(store: access, positions: BackgroundRecording(client, feed: feed), settings: settings)
        self.record = record
        list = ActivityListModel(client: client)
        training = TrainingModels(client: client)
        recovery = RecoveryModel(store: access) { await record.takeUp() }
        watch()
    }

    /// A model for one activity's screen.
    public func detail(of activity: Activity, unit: SplitUnit) -> ActivityDetailModel {
        ActivityDetailModel(client: access.client, activity: activity, unit: unit)
    }

    /// For work that the system wakes the app for.
    var forBackgroundWork: (client: SteadfastClient, suspension: StorageSuspension) { (access.client, access.suspension) }

    /// True if a workout was finished but its save was cut off.
    func hasBackgroundWork() async -> Bool {
        do {
            let client = access.client
            return try await access.suspension.keepOpen { try await BackgroundWork(client).isDue() }
        } catch {
            show(error)
            return false
        }
    }

    /// Puts an error on the screen.
    public func show(_ error: any Error) { failure = Failure(error) }

    /// Takes the error off the screen.
    public func dismissFailure() { failure = nil }

    /// Goes on with a workout that the system interrupted less than an hour ago.
    func resumeFresh() async {
        do {
            if try await access.client.recorder().resumeFresh() != nil { await record.takeUp() }
        } catch {
            failure = Failure(error)
        }
    }

    /// Lets go of the database files, so that the system has no reason to kill the app while it sleeps. A save under way is waited for; a
    /// recording goes on.
    func sleep() { access.suspension.didEnterBackground() }

    /// Reads what the screens show of the store.
    func reload() async {
        await list.pages.reload()
        await training.refresh()
    }

    /// Takes the database files up again.
    func wake() async {
        access.suspension.willEnterForeground()
        // The person may have made room; the core says so again if not.
        lowOnSpace = nil
        do {
            try await access.suspension.keepOpen { await reload() }
        } catch {
            failure = Failure(error)
        }
    }

    /// Closes everything; what is recorded waits for the next start.
    func close() async throws {
        watchers.forEach { $0.cancel() }
        // Waits for a save that is under way.
        try await offMain { [access] in try access.client.shutdown() }
    }

    private func watch() {
        let (events, failures) = (access.client.events, failures)
        watchers = [
            Task { [weak self] in
                for await event in events { await self?.take(event) }
            },
            Task { [weak self] in
                for await failure in failures { self?.failure = failure }
            },
        ]
    }

    private func take(_ event: Event) async {
        switch event {
        case .changed(let entity, _):
            if entity == .activity { await list.pages.reload() }
            await training.take(entity)
        case .sync: await training.outbox.reload()
        case .storageLow(let freeBytes): lowOnSpace = freeBytes ?? 0
        case .recording, .progress, .alert, .needsToken: break
        }
    }
}
