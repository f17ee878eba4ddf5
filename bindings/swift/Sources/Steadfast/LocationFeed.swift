import Foundation

/// What a source of positions says.
public enum LocationUpdate: Sendable, Equatable {
    /// Fixes, oldest first.
    case samples([LocationSample])
    /// No fixes for now, or worse ones, and why; `nil` if that is over. The person can change the settings in the middle of a run.
    case problem(LocationProblem?)
}

/// Why a source delivers no positions, or worse ones than a recording needs.
public enum LocationProblem: Error, Sendable, Equatable {
    /// The person, or a profile on the device, does not let the app see where it is. Only the Settings app can change that.
    case denied
    /// The app sees only a rough position (some kilometres); no fix will be good enough to count.
    case reducedAccuracy
    /// The app's `Info.plist` does not name `location` among its `UIBackgroundModes`: positions end when the app leaves the screen.
    case noBackgroundMode
    /// The source failed; what it said.
    case failed(String)
}

/// Where positions come from: Core Location on a device (``CoreLocationFeed``), a ``ReplayFeed`` in a preview, a test or a simulator.
@MainActor
public protocol LocationFeed: Sendable {
    /// The positions from now on, until the stream is let go or its task is cancelled.
    func updates() -> AsyncStream<LocationUpdate>
}

extension LocationSample {
    /// A fix of Core Location, in its own words. What is negative goes on to the core, which knows that it means "unknown" or, for the
    /// horizontal accuracy, "invalid".
    ///
    /// Core Location has one rule of its own: an altitude is there only if the vertical accuracy is positive.
    init(
        timestamp: Date,
        latitude: Double,
        longitude: Double,
        altitude: Double,
        horizontalAccuracy: Double,
        verticalAccuracy: Double,
        speed: Double,
        course: Double
    ) {
        let hasAltitude = verticalAccuracy > 0
        self.init(
            time: timestamp,
            latitudeDeg: latitude,
            longitudeDeg: longitude,
            altitudeM: hasAltitude ? altitude : nil,
            horizontalAccuracyM: horizontalAccuracy,
            verticalAccuracyM: hasAltitude ? verticalAccuracy : nil,
            speedMps: speed,
            courseDeg: course,
            source: .fused
        )
    }
}
