import Foundation
import Observation
import Steadfast

/// Saves one workout: what it is called, how far the save is, and how it ended.
@MainActor @Observable public final class SaveModel: Identifiable {
    /// Which workout is saved.
    public enum Target: Equatable, Sendable {
        /// The one that was recorded just now.
        case active(UUID)
        /// One that a crash left behind.
        case recovered(UUID)
    }

    public let target: Target
    /// The title; may stay empty.
    public var title = ""
    /// The notes; may stay empty.
    public var notes = ""
    /// How far the save is; nothing before its first word.
    public private(set) var progress: SaveProgress?
    public private(set) var isSaving = false
    /// True if the last save was cancelled: nothing was changed then, and the workout is still there.
    public private(set) var wasCancelled = false
    public private(set) var failure: Failure?
    /// The activity, once it is in the store.
    public private(set) var saved: Activity?

    private let store: StoreAccess
    private var task: Task<Activity, any Error>?

    init(store: StoreAccess, target: Target) {
        self.store = store
        self.target = target
    }

    /// The workout, and later the activity.
    public var workoutId: UUID {
        switch target {
        case .active(let id), .recovered(let id): id
        }
    }

    /// Done as a share of the whole; nothing while the phase has no count.
    public var share: Double? {
        guard let progress, progress.total > 0 else { return nil }
        return Double(progress.done) / Double(progress.total)
    }

    /// What VoiceOver reads of the progress.
    public var spokenProgress: String {
        guard let progress, progress.total > 0 else { return "under way" }
        return "\(progress.done) of \(progress.total)"
    }

    /// Takes the error off the screen.
    public func dismissFailure() { failure = nil }

    /// Saves, and gives the activity; nothing if it was cancelled or failed. Can be called again after either.
    @discardableResult public func save() async -> Activity? {
        guard !isSaving, saved == nil else { return saved }
        (isSaving, progress, failure, wasCancelled) = (true, nil, nil, false)
        // Asked for before the save begins, or its first words would be missed.
        let events = store.client.events
        let watcher = Task { [weak self, workoutId] in
            for await event in events {
                guard case .progress(workoutId, let progress) = event else { continue }
                self?.progress = progress
            }
        }
        defer {
            watcher.cancel()
            (isSaving, task) = (false, nil)
        }
        let task = start()
        self.task = task
        do {
            saved = try await task.value
        } catch let error where error.isCancellation {
            wasCancelled = true
        } catch {
            failure = Failure(error)
        }
        return saved
    }

    /// Asks the save to stop. If it was committed already, it ends as saved.
    public func cancel() { task?.cancel() }

    /// The store stays open until the save has ended, also if the person leaves the app meanwhile.
    private func start() -> Task<Activity, any Error> {
        let (store, target) = (store, target)
        let options = SaveOptions(title: title, notes: notes)
        return Task {
            let recorder = store.client.recorder()
            return try await store.suspension.keepOpen {
                switch target {
                case .active: try await recorder.save(options: options)
                case .recovered(let id): try await recorder.saveRecovered(id: id, options: options)
                }
            }
        }
    }
}
