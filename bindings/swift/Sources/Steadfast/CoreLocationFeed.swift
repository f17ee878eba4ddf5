#if canImport(CoreLocation) && !os(macOS)
    import CoreLocation
    import Foundation

    /// The device's own positions, on the screen and behind a locked one.
    ///
    /// The app's `Info.plist` needs `NSLocationWhenInUseUsageDescription`, and `location` among its `UIBackgroundModes`. "While using the
    /// app" is enough: a recording that begins on the screen goes on in the background, with the system's sign that it does. The person is
    /// asked when the first recording starts.
    @MainActor
    public final class CoreLocationFeed: LocationFeed {
        /// Asks for nothing before `updates`.
        public init() {}

        public func updates() -> AsyncStream<LocationUpdate> {
            AsyncStream { continuation in
                let session = LocationSession(continuation)
                continuation.onTermination = { _ in
                    Task { @MainActor in session.stop() }
                }
                session.start()
            }
        }
    }

    /// One recording's use of the receiver.
    @MainActor
    private final class LocationSession: NSObject, CLLocationManagerDelegate {
        private let continuation: AsyncStream<LocationUpdate>.Continuation
        private let hasBackgroundMode: Bool
        private let manager = CLLocationManager()
        /// Keeps "while using the app" alive behind a locked screen, and has to be there for as long as positions are wanted.
        private var background: CLBackgroundActivitySession?

        init(_ continuation: AsyncStream<LocationUpdate>.Continuation) {
            self.continuation = continuation
            let modes = Bundle.main.object(forInfoDictionaryKey: "UIBackgroundModes") as? [String]
            hasBackgroundMode = modes?.contains("location") == true
        }

        func start() {
            manager.delegate = self
            manager.activityType = .fitness
            manager.desiredAccuracy = kCLLocationAccuracyBest
            manager.distanceFilter = kCLDistanceFilterNone
            // The core decides what standing still is; a receiver that pauses itself does not begin again in the background.
            manager.pausesLocationUpdatesAutomatically = false
            if hasBackgroundMode {
                // Without the mode this is an exception that ends the app.
                manager.allowsBackgroundLocationUpdates = true
                background = CLBackgroundActivitySession()
            }
            if manager.authorizationStatus == .notDetermined {
                manager.requestWhenInUseAuthorization()
            }
            manager.startUpdatingLocation()
        }

        func stop() {
            manager.stopUpdatingLocation()
            manager.delegate = nil
            background?.invalidate()
            background = nil
        }

        nonisolated func locationManager(_ manager: CLLocationManager, didUpdateLocations locations: [CLLocation]) {
            continuation.yield(.samples(locations.map(LocationSample.init(_:))))
        }

        nonisolated func locationManager(_ manager: CLLocationManager, didFailWithError error: any Error) {
            switch (error as? CLError)?.code {
            case .locationUnknown:
                // It goes on trying.
                break
            case .denied:
                continuation.yield(.problem(.denied))
            default:
                continuation.yield(.problem(.failed(error.localizedDescription)))
            }
        }

        nonisolated func locationManagerDidChangeAuthorization(_ manager: CLLocationManager) {
            switch manager.authorizationStatus {
            case .denied, .restricted:
                continuation.yield(.problem(.denied))
            case .authorizedAlways, .authorizedWhenInUse:
                let isExact = manager.accuracyAuthorization == .fullAccuracy
                let problem: LocationProblem? = hasBackgroundMode ? nil : .noBackgroundMode
                continuation.yield(.problem(isExact ? problem : .reducedAccuracy))
            default:
                break
            }
        }
    }

    extension LocationSample {
        /// A fix of Core Location.
        public init(_ location: CLLocation) {
            self.init(
                timestamp: location.timestamp,
                latitude: location.coordinate.latitude,
                longitude: location.coordinate.longitude,
                altitude: location.altitude,
                horizontalAccuracy: location.horizontalAccuracy,
                verticalAccuracy: location.verticalAccuracy,
                speed: location.speed,
                course: location.course
            )
        }
    }
#endif
