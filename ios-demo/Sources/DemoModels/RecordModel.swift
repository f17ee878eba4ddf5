import Foundation
import Observation
import Steadfast

/// The screen that records: starts, pauses, laps, finishes. Positions come by themselves: the package feeds whatever is recorded.
@MainActor @Observable public final class RecordModel {
    /// What the next workout will be.
    public var chosenKind = ActivityKind.running
    /// The laps of this workout, the open one last; none until the button was pressed.
    public private(set) var laps: [Lap] = []
    /// The finished workout that waits to be saved, resumed or discarded.
    public private(set) var saving: SaveModel?
    public let attempt = Attempt()

    /// The workout at the last full second.
    private var ticked: LiveStatistics?
    private let store: StoreAccess
    private let recorder: Recorder
    private let observed: ObservableRecorder
    private let positions: BackgroundRecording
    private let settings: DemoSettings

    init(store: StoreAccess, positions: BackgroundRecording, settings: DemoSettings) {
        self.store = store
        self.positions = positions
        self.settings = settings
        recorder = store.client.recorder()
        observed = ObservableRecorder(store.client)
    }

    /// The workout as it is now; nothing if there is none.
    public var statistics: LiveStatistics? {
        guard let changed = observed.statistics else { return nil }
        guard let ticked, ticked.workoutId == changed.workoutId, ticked.elapsedS > changed.elapsedS else { return changed }
        return ticked
    }

    /// Keeps the timer on the screen going until the task is cancelled: between two fixes nothing changes, and indoors there may be none.
    public func keepTime() async {
        while !Task.isCancelled {
            ticked = await offMain { [recorder] in recorder.live() }
            // Cut short by the cancellation that ends the loop.
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// True while positions are taken.
    public var isFollowing: Bool { positions.isFollowing }

    /// Why no good positions arrive, or why they cannot be kept; the workout goes on.
    public var positionFailure: Failure? { positions.problem.map(Failure.init) }

    /// Starts a workout of the chosen kind.
    public func start() async {
        let options = StartOptions(
            kind: chosenKind,
            utcOffsetS: Int32(TimeZone.current.secondsFromGMT()),
            autoPause: settings.pausesByItself,
            splitUnit: settings.unit
        )
        await attempt.run { [self] in
            try await offMain { [recorder] in _ = try recorder.start(options: options) }
            (laps, saving) = ([], nil)
        }
    }

    /// Shows a workout that was taken up again.
    public func takeUp() async {
        await attempt.run { [self] in
            laps = try await offMain { [recorder] in try recorder.laps() }
            if recorder.live()?.state == .stopped { offerToSave() }
        }
    }

    /// Pauses; a pause survives a kill.
    public func pause() async {
        await attempt.run { [recorder] in try await offMain { _ = try recorder.pause() } }
    }

    /// Goes on after a pause, or after finishing as long as the workout is not saved.
    public func resume() async {
        await attempt.run { [self] in
            try await offMain { [recorder] in _ = try recorder.resume() }
            saving = nil
        }
    }

    /// Ends the lap and begins the next.
    public func lap() async {
        await attempt.run { [self] in
            do {
                try await offMain { [recorder] in _ = try recorder.lap() }
            } catch let error as SteadfastError where error.codeName() == "duration_too_short" {
                // A second press within a second is a slip of the finger, and needs no words.
            }
            laps = try await offMain { [recorder] in try recorder.laps() }
        }
    }

    /// Finishes; what is recorded waits to be saved.
    public func finish() async {
        await attempt.run { [self] in
            try await offMain { [recorder] in _ = try recorder.stop() }
            offerToSave()
        }
    }

    /// Saves the finished workout, and gives it.
    @discardableResult public func save() async -> Activity? {
        guard let saving, let activity = await saving.save() else { return nil }
        (self.saving, laps) = (nil, [])
        return activity
    }

    /// Throws the workout away.
    public func discard() async {
        await attempt.run { [self] in
            try await offMain { [recorder] in try recorder.discard() }
            (saving, laps) = (nil, [])
        }
    }

    private func offerToSave() {
        guard let id = recorder.activeId() else { return }
        saving = SaveModel(store: store, target: .active(id))
    }
}
