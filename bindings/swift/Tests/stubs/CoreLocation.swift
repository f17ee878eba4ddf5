// A stand-in for Core Location. For type-checking on Linux; see README.md.
//
// What Apple documents is not documented again.
// swift-format-ignore-file
import Foundation

public struct CLLocationCoordinate2D: Sendable {
    public var latitude: Double
    public var longitude: Double
}

open class CLLocation: NSObject, @unchecked Sendable {
    public var coordinate: CLLocationCoordinate2D { fatalError() }
    public var altitude: Double { fatalError() }
    public var horizontalAccuracy: Double { fatalError() }
    public var verticalAccuracy: Double { fatalError() }
    public var course: Double { fatalError() }
    public var speed: Double { fatalError() }
    public var timestamp: Date { fatalError() }
}

public enum CLAuthorizationStatus: Int32, Sendable {
    case notDetermined, restricted, denied, authorizedAlways, authorizedWhenInUse
}

public enum CLAccuracyAuthorization: Int, Sendable {
    case fullAccuracy, reducedAccuracy
}

public enum CLActivityType: Int, Sendable {
    case other, automotiveNavigation, fitness, otherNavigation, airborne
}

public struct CLError: Error {
    public enum Code: Int, Sendable { case locationUnknown, denied, network }
    public var code: Code { fatalError() }
}

public let kCLLocationAccuracyBest: Double = -1
public let kCLDistanceFilterNone: Double = -1

public protocol CLLocationManagerDelegate: NSObjectProtocol {
    func locationManager(_ manager: CLLocationManager, didUpdateLocations locations: [CLLocation])
    func locationManager(_ manager: CLLocationManager, didFailWithError error: any Error)
    func locationManagerDidChangeAuthorization(_ manager: CLLocationManager)
}

open class CLLocationManager: NSObject {
    public weak var delegate: (any CLLocationManagerDelegate)?
    public var activityType: CLActivityType = .other
    public var desiredAccuracy: Double = 0
    public var distanceFilter: Double = 0
    public var pausesLocationUpdatesAutomatically = true
    public var allowsBackgroundLocationUpdates = false
    public var authorizationStatus: CLAuthorizationStatus { fatalError() }
    public var accuracyAuthorization: CLAccuracyAuthorization { fatalError() }
    public func requestWhenInUseAuthorization() { fatalError() }
    public func startUpdatingLocation() { fatalError() }
    public func stopUpdatingLocation() { fatalError() }
}

open class CLBackgroundActivitySession: NSObject {
    public func invalidate() { fatalError() }
}
