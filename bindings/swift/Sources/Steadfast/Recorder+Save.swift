import Foundation

extension Recorder {
    /// Saves the workout in progress: the activity, its track, its splits and its outbox event in one transaction, or nothing. Stops it
    /// first if it still runs.
    ///
    /// The app asks the system for time in the background meanwhile, so that it may be left at once. Should that time run out, the save goes
    /// on for as long as the app runs, and what it could not finish is offered again by `recovery`.
    ///
    /// Cancelling the task cancels the save: it ends with `CancellationError`, and the recording is where it was, stopped. If the
    /// transaction had been committed by then, it ends with the activity.
    ///
    /// - Parameters:
    ///   - options: The title, the notes and the sample limit.
    ///   - backgroundTime: Who gives time in the background; the system, but in tests.
    /// - Throws: `CancellationError`, or as `save(options:cancel:)`.
    @discardableResult
    public func save(
        options: SaveOptions = SaveOptions(),
        backgroundTime: any BackgroundTime = SystemBackgroundTime()
    ) async throws -> Activity {
        try await holdingBackgroundTime(for: "Steadfast saves the workout", from: backgroundTime) {
            try await cancelledWithTask { try await save(options: options, cancel: $0) }
        }
    }

    /// Saves an interrupted workout as it is, with its last record as its end; otherwise as `save`.
    ///
    /// - Parameters:
    ///   - id: The interrupted workout, as `recovery` names it.
    ///   - options: The title, the notes and the sample limit.
    ///   - backgroundTime: Who gives time in the background; the system, but in tests.
    /// - Throws: `CancellationError`, or as `saveRecovered(id:options:cancel:)`.
    @discardableResult
    public func saveRecovered(
        id: UUID,
        options: SaveOptions = SaveOptions(),
        backgroundTime: any BackgroundTime = SystemBackgroundTime()
    ) async throws -> Activity {
        try await holdingBackgroundTime(for: "Steadfast saves the workout", from: backgroundTime) {
            try await cancelledWithTask { try await saveRecovered(id: id, options: options, cancel: $0) }
        }
    }
}
