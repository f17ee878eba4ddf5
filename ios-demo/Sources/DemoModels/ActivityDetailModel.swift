import Foundation
import Observation
import Steadfast

/// One finished workout: its numbers, its route, its hills, its splits and laps.
@MainActor @Observable public final class ActivityDetailModel {
    public private(set) var activity: Activity
    /// Nothing until it was read.
    public private(set) var route: RouteShape?
    /// Nothing until it was read.
    public private(set) var elevation: ElevationShape?
    public private(set) var splits: [Split] = []
    public private(set) var laps: [Lap] = []
    /// True once it is gone, so that the screen closes.
    public private(set) var isDeleted = false
    /// The file that was written last, to be shared.
    public private(set) var exported: URL?
    /// Which splits are shown.
    public private(set) var unit: SplitUnit
    public let attempt = Attempt()

    private let activities: Activities

    /// Half the width of the line that is drawn: on a screen of 400 points, a route of 3 km moves by less than a point.
    private static let toleranceM = 4.0

    public init(client: SteadfastClient, activity: Activity, unit: SplitUnit) {
        activities = client.activities()
        self.activity = activity
        self.unit = unit
    }

    /// Reads everything that the screen shows.
    public func load() async {
        await attempt.run { [self] in
            let (id, unit) = (activity.id, unit)
            async let activity = activities.get(id: id)
            async let shapes = Self.shapes(of: id, in: activities)
            async let splits = activities.splits(id: id, unit: unit)
            async let laps = activities.laps(id: id)
            let read = try await (activity, shapes, splits, laps)
            (self.activity, self.splits, self.laps) = (read.0, read.2, read.3)
            (route, elevation) = read.1
        }
    }

    /// Shows the splits of another unit.
    public func show(_ unit: SplitUnit) async {
        guard unit != self.unit else { return }
        await attempt.run { [self] in
            splits = try await activities.splits(id: activity.id, unit: unit)
            self.unit = unit
        }
    }

    /// Changes title, notes and kind; what stays the same is not written. True if it was done.
    @discardableResult public func edit(title: String, notes: String, kind: ActivityKind) async -> Bool {
        await attempt.run { [self] in
            let edit = ActivityEdit(
                title: title == activity.title ? nil : title,
                notes: notes == activity.notes ? nil : notes,
                kind: kind == activity.kind ? nil : kind
            )
            activity = try await activities.edit(id: activity.id, edit: edit)
        }
    }

    /// Deletes it with its track.
    public func delete() async {
        await attempt.run { [self] in
            try await activities.delete(id: activity.id)
            isDeleted = true
        }
    }

    /// Writes a file into a folder that the system clears, ready to be shared.
    public func export(_ format: FileFormat, into folder: URL = FileManager.default.temporaryDirectory) async {
        exported = nil
        await attempt.run { [self] in
            let file = folder.appendingPathComponent("\(fileName).\(format.fileExtension)")
            try await activities.exportFile(id: activity.id, to: file, format: format)
            exported = file
        }
    }

    /// `2026-06-01 Running`: the day where it happened, and nothing of the title, which may hold what no file name may.
    private var fileName: String {
        let zone = activity.utcOffsetS.flatMap { TimeZone(secondsFromGMT: Int($0)) } ?? .current
        let day = activity.startedAt.formatted(Date.ISO8601FormatStyle(timeZone: zone).year().month().day())
        return "\(day) \(activity.kind.name)"
    }

    /// Drawn off the main actor: a day at 1 Hz is 86,400 rows.
    private nonisolated static func shapes(of id: UUID, in activities: Activities) async throws -> (RouteShape, ElevationShape) {
        let simplified = try await activities.track(id: id, query: TrackQuery(toleranceM: toleranceM))
        async let track = activities.track(id: id, query: TrackQuery())
        async let profile = activities.profile(id: id)
        return try await (RouteShape(simplified), ElevationShape(track: track, profile: profile))
    }
}

extension FileFormat {
    /// Those that can be written.
    public static let written: [FileFormat] = [.gpx, .tcx, .geoJson]

    /// What a person calls it.
    public var name: String {
        switch self {
        case .gpx: "GPX"
        case .tcx: "TCX"
        case .fit: "FIT"
        case .geoJson: "GeoJSON"
        }
    }

    /// Without the dot.
    public var fileExtension: String {
        switch self {
        case .gpx: "gpx"
        case .tcx: "tcx"
        case .fit: "fit"
        case .geoJson: "geojson"
        }
    }
}
