import Foundation
import Steadfast

// The API's records as steps write them; what is missing has the API's default.

extension StartOptions {
    init(_ arguments: Arguments) throws {
        let usual = StartOptions(kind: try arguments.neededName("kind"))
        self.init(
            kind: usual.kind,
            utcOffsetS: try arguments.whole("utc_offset_s"),
            autoPause: try arguments.bool("auto_pause") ?? usual.autoPause,
            maxHorizontalAccuracyM: try arguments.number("max_horizontal_accuracy_m") ?? usual.maxHorizontalAccuracyM,
            splitUnit: try arguments.named("split_unit")
        )
    }
}

extension SaveOptions {
    init(_ arguments: Arguments) throws {
        let usual = SaveOptions()
        self.init(
            title: try arguments.text("title") ?? usual.title,
            notes: try arguments.text("notes") ?? usual.notes,
            sampleLimit: try arguments.whole("sample_limit") ?? usual.sampleLimit
        )
    }
}

extension ActivityQuery {
    init(_ arguments: Arguments) throws {
        self.init(
            kind: try arguments.named("kind"),
            from: try arguments.instant("from_ms"),
            until: try arguments.instant("until_ms"),
            limit: try arguments.whole("limit") ?? ActivityQuery().limit,
            after: try arguments.text("after")
        )
    }
}

extension ActivityEdit {
    init(_ arguments: Arguments) throws {
        self.init(title: try arguments.text("title"), notes: try arguments.text("notes"), kind: try arguments.named("kind"))
    }
}

extension TrackQuery {
    init(_ arguments: Arguments) throws {
        self.init(
            fromMs: try arguments.whole("from_ms"),
            untilMs: try arguments.whole("until_ms"),
            toleranceM: try arguments.number("tolerance_m")
        )
    }
}

extension PrivacyZone {
    init(_ arguments: Arguments) throws {
        self.init(
            latitudeDeg: try arguments.neededNumber("latitude_deg"),
            longitudeDeg: try arguments.neededNumber("longitude_deg"),
            radiusM: try arguments.neededNumber("radius_m")
        )
    }
}

/// Milliseconds after `nowMs`, as `at_s` says.
private func instant(_ arguments: Arguments, after nowMs: Int64) throws -> Date {
    let ms = nowMs + Int64((try arguments.neededNumber("at_s") * 1000).rounded())
    return Date(timeIntervalSince1970: Double(ms) / 1000)
}

extension LocationSample {
    init(_ arguments: Arguments, after nowMs: Int64) throws {
        self.init(
            time: try instant(arguments, after: nowMs),
            latitudeDeg: try arguments.neededNumber("latitude_deg"),
            longitudeDeg: try arguments.neededNumber("longitude_deg"),
            elapsedMs: try arguments.whole("elapsed_ms"),
            altitudeM: try arguments.number("altitude_m"),
            horizontalAccuracyM: try arguments.number("horizontal_accuracy_m"),
            verticalAccuracyM: try arguments.number("vertical_accuracy_m"),
            speedMps: try arguments.number("speed_mps"),
            courseDeg: try arguments.number("course_deg"),
            source: try arguments.named("source")
        )
    }

    /// A straight run to the north.
    static func line(_ arguments: Arguments, after nowMs: Int64) throws -> (fixes: [LocationSample], batch: Int?) {
        let (everyMs, northM) = (try arguments.whole("every_ms") ?? Int64(0), try arguments.neededNumber("north_m"))
        let (latitudeDeg, longitudeDeg) = (try arguments.neededNumber("latitude_deg"), try arguments.neededNumber("longitude_deg"))
        let (altitudeM, stepM) = (try arguments.number("altitude_m"), try arguments.number("altitude_step_m") ?? 0)
        let horizontalM = try arguments.number("horizontal_accuracy_m") ?? 5
        let (verticalM, speedMps) = (try arguments.number("vertical_accuracy_m"), try arguments.number("speed_mps"))
        let (courseDeg, source) = (try arguments.number("course_deg"), try arguments.named("source", LocationSource.self))
        let (count, batch) = (try arguments.whole("count") ?? 0, try arguments.whole("batch", Int.self))
        let fixes = (0..<count).map { index in
            LocationSample(
                time: Date(timeIntervalSince1970: Double(nowMs + Int64(index + 1) * everyMs) / 1000),
                latitudeDeg: latitudeDeg + Double(index) * northM / 111_320,
                longitudeDeg: longitudeDeg,
                altitudeM: altitudeM.map { $0 + Double(index) * stepM },
                horizontalAccuracyM: horizontalM,
                verticalAccuracyM: verticalM,
                speedMps: speedMps,
                courseDeg: courseDeg,
                source: source
            )
        }
        return (fixes, batch)
    }
}

extension SensorReading {
    init(_ arguments: Arguments, after nowMs: Int64) throws {
        self.init(
            time: try instant(arguments, after: nowMs),
            elapsedMs: try arguments.whole("elapsed_ms"),
            heartRateBpm: try arguments.number("heart_rate_bpm"),
            cadenceRpm: try arguments.number("cadence_rpm"),
            powerW: try arguments.number("power_w"),
            distanceM: try arguments.number("distance_m"),
            altitudeM: try arguments.number("altitude_m"),
            speedMps: try arguments.number("speed_mps")
        )
    }
}

extension AlertThresholds {
    init(_ arguments: Arguments) throws {
        let usual = AlertThresholds()
        self.init(
            failuresPercent: try arguments.whole("failures_percent") ?? usual.failuresPercent,
            slowMs: try arguments.whole("slow_ms") ?? usual.slowMs,
            deadEvents: try arguments.whole("dead_events") ?? usual.deadEvents
        )
    }
}
