import Foundation
import Observation
import Steadfast

/// The app as a whole: opens the store, puts it to rest in the background, and says what is wrong if it cannot be opened.
@MainActor @Observable public final class AppModel {
    /// How far opening is.
    public enum Phase {
        case opening
        case open(OpenStore)
        case failed(Failure)
    }

    public private(set) var phase = Phase.opening
    public let settings: DemoSettings

    private let folder: @Sendable (String) throws -> DataFolder
    private let recoveryKey: @Sendable () throws -> Data?
    private let device: (any LocationFeed)?
    private var isOpening = false

    /// An app whose store is not open yet.
    ///
    /// - Parameters:
    ///   - settings: What the person chose.
    ///   - device: The device's receiver; nothing where there is none, and then a replay stands in.
    ///   - recoveryKey: The key that encrypts recovery files, where there is a keychain.
    ///   - folder: The data folder of a name.
    public init(
        settings: DemoSettings,
        device: (any LocationFeed)?,
        recoveryKey: @escaping @Sendable () throws -> Data? = { nil },
        folder: @escaping @Sendable (String) throws -> DataFolder = { try DataFolder.applicationSupport(named: $0) }
    ) {
        self.settings = settings
        self.device = device
        self.recoveryKey = recoveryKey
        self.folder = folder
    }

    /// The open store, if it is open.
    public var store: OpenStore? {
        if case .open(let store) = phase { store } else { nil }
    }

    /// True if a made-up run stands in for the device's location.
    public var isReplay: Bool { settings.replays || device == nil }

    /// True if there is a receiver to choose.
    public var hasDevice: Bool { device != nil }

    /// Opens the store and looks for what a crash left behind.
    ///
    /// - Parameter resumesFresh: Goes on without a question with a workout that was interrupted less than an hour ago; for an app that the
    ///   system started again in the background, where nobody is looking.
    public func open(resumesFresh: Bool = false) async {
        guard !isOpening, store == nil else { return }
        isOpening = true
        defer { isOpening = false }
        phase = .opening
        do {
            let store = try await openStore()
            if resumesFresh { await store.resumeFresh() }
            await store.recovery.load()
            await store.reload()
            phase = .open(store)
        } catch {
            phase = .failed(Failure(error))
        }
    }

    /// Closes the store and opens the other one, after the person switched between the receiver and the replay. Not while recording.
    public func reopen() async {
        guard store?.record.statistics == nil else { return }
        await close()
        await open()
    }

    /// Closes everything.
    public func close() async {
        do {
            try await store?.close()
            phase = .opening
        } catch {
            phase = .failed(Failure(error))
        }
    }

    /// The app left the screen.
    public func enterBackground() { store?.sleep() }

    /// The app came to the screen, at its start or later.
    public func enterForeground() async {
        if let store { await store.wake() } else { await open() }
    }

    /// The client for work that the system wakes the app for; opened if it is not open.
    public func storeForBackgroundWork() async throws -> (client: SteadfastClient, suspension: StorageSuspension) {
        await open()
        if case .failed(let failure) = phase { throw failure }
        guard let store else { throw CancellationError() }
        return store.forBackgroundWork
    }

    /// True if a workout was finished but its save was cut off.
    public func hasBackgroundWork() async -> Bool { await store?.hasBackgroundWork() ?? false }

    private func openStore() async throws -> OpenStore {
        guard let device, !settings.replays else { return try await openReplay() }
        let folder = try folder("Steadfast")
        let client = try await SteadfastClient.open(in: folder, recoveryKey: recoveryKey())
        return OpenStore(client: client, folder: folder, feed: device, settings: settings)
    }

    /// A made-up run must not get among the person's own: it has a folder of its own, and a clock that runs 20 times as fast.
    private func openReplay() async throws -> OpenStore {
        let folder = try folder("Replay")
        try folder.prepare()
        let clock = ManualClock(time: Date())
        let config = Config(dataDir: folder.url.path, recoveryKey: try recoveryKey())
        let client = try await SteadfastClient.openWithClock(config: config, listener: nil, clock: clock)
        let feed = SyntheticFeed(recorder: client.recorder(), clock: clock, speed: 20)
        return OpenStore(client: client, folder: folder, feed: feed, settings: settings)
    }
}
