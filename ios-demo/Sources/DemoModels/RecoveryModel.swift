import Foundation
import Observation
import Steadfast

/// The workouts that a crash left behind, and what the person decides about each.
@MainActor @Observable public final class RecoveryModel {
    /// Newest first, emergency backups last; the core decides which are offered and what may be done with each.
    public private(set) var workouts: [RecoveryInfo] = []
    /// True while the question is on the screen.
    public var isOffered = false
    /// The save that is under way.
    public private(set) var saving: SaveModel?
    public let attempt = Attempt()

    private let store: StoreAccess
    private let recorder: Recorder
    private let onResumed: @MainActor () async -> Void

    init(store: StoreAccess, onResumed: @escaping @MainActor () async -> Void) {
        self.store = store
        self.onResumed = onResumed
        recorder = store.client.recorder()
    }

    /// Asks the core what was left behind, and offers it if there is any.
    public func load() async {
        await attempt.run { [self] in
            workouts = try await recorder.recovery() + recorder.backups()
            isOffered = !workouts.isEmpty
        }
    }

    /// Why a workout cannot be read; nothing if it can.
    public func damage(of workout: RecoveryInfo) -> Failure? { workout.problem.map(Failure.init(code:)) }

    /// Goes on with it; the silence becomes a gap.
    public func resume(_ workout: RecoveryInfo) async {
        await attempt.run { [self] in
            try await fetch(workout)
            try await offMain { [recorder] in _ = try recorder.resumeRecovered(id: workout.id) }
            forget(workout)
            isOffered = false
            await onResumed()
        }
    }

    /// Saves it as it is.
    public func save(_ workout: RecoveryInfo) async {
        await attempt.run { [self] in
            try await fetch(workout)
            let saving = SaveModel(store: store, target: .recovered(workout.id))
            self.saving = saving
            defer { self.saving = nil }
            if await saving.save() != nil { forget(workout) }
            if let failure = saving.failure { throw failure }
        }
    }

    /// Throws it away, readable or not.
    public func discard(_ workout: RecoveryInfo) async {
        await attempt.run { [self] in
            try await fetch(workout)
            try await offMain { [recorder] in try recorder.discardRecovered(id: workout.id) }
            forget(workout)
        }
    }

    /// Moves an emergency backup, which a failed save may leave, to where it can be dealt with. Once: a second try finds it there.
    private func fetch(_ workout: RecoveryInfo) async throws {
        guard workout.location == .backup else { return }
        guard try await recorder.backups().contains(where: { $0.id == workout.id }) else { return }
        try await recorder.restoreBackup(id: workout.id)
    }

    private func forget(_ workout: RecoveryInfo) {
        workouts.removeAll { $0.id == workout.id }
        if workouts.isEmpty { isOffered = false }
    }
}
