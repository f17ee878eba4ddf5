// What a track of 100,000 rows costs on its way into Swift, as columns and as points: `ffi-bench FILE` writes two lines, `columns_ms X` and
// `points_ms Y` (medians), read from the store included.

import Foundation
import Steadfast

let rows = 100_000
let batch = 1000

func reading(_ second: Int, at time: Date) -> SensorReading {
    SensorReading(time: time, heartRateBpm: Double(140 + second % 20))
}

func fix(_ second: Int, at time: Date) -> LocationSample {
    let seconds = Double(second)
    return LocationSample(
        time: time,
        latitudeDeg: 20 + seconds * 2.7e-5,
        longitudeDeg: -30 + sin(seconds / 300) * 1e-3,
        altitudeM: 100 + sin(seconds / 500) * 40,
        horizontalAccuracyM: 4,
        verticalAccuracyM: 6,
        speedMps: 3,
        courseDeg: Double(second % 360)
    )
}

/// A long run, a fix and a heart rate a second.
func record(in folder: URL) async throws -> (SteadfastClient, UUID) {
    let clock = ManualClock(time: Date(timeIntervalSince1970: 1_777_622_400))
    let client = try await SteadfastClient.openWithClock(config: Config(dataDir: folder.path), listener: nil, clock: clock)
    let recorder = client.recorder()
    let id = try recorder.start(options: StartOptions(kind: .running))
    for first in stride(from: 0, to: rows, by: batch) {
        let start = clock.time()
        let seconds = 1...batch
        clock.advance(ms: Int64(batch) * 1000)
        let time = { (second: Int) in start.addingTimeInterval(TimeInterval(second)) }
        try recorder.addSamples(samples: seconds.map { fix(first + $0, at: time($0)) })
        try recorder.addReadings(readings: seconds.map { reading(first + $0, at: time($0)) })
    }
    try await recorder.save(options: SaveOptions())
    return (client, id)
}

/// The median of so many runs, in milliseconds, after one that does not count.
func median(of runs: Int, _ work: () async throws -> Double) async throws -> Double {
    var times: [Double] = []
    for run in 0...runs {
        let start = ContinuousClock.now
        let sum = try await work()
        let took = ContinuousClock.now - start
        precondition(sum.isFinite && sum > 0, "the last value is there")
        if run > 0 {
            times.append(Double(took.components.attoseconds) / 1e15 + Double(took.components.seconds) * 1000)
        }
    }
    return times.sorted()[runs / 2]
}

let memory = URL(fileURLWithPath: FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory())
let folder = memory.appendingPathComponent("steadfast-ffi-bench-\(ProcessInfo.processInfo.processIdentifier)")
defer { try? FileManager.default.removeItem(at: folder) }
let (client, id) = try await record(in: folder)
let activities = client.activities()
let columns = try await median(of: 15) {
    let track = try await activities.track(id: id, query: TrackQuery())
    precondition(track.latitudeDeg.count >= rows)
    return track.latitudeDeg.reduce(0, +)
}
let points = try await median(of: 5) {
    try await activities.points(id: id, query: TrackQuery()).reduce(0) { $0 + ($1.latitudeDeg ?? 0) }
}
try client.shutdown()
let report = String(format: "columns_ms %.2f\npoints_ms %.2f\n", columns, points)
print(report, terminator: "")
if CommandLine.arguments.count > 1 {
    try report.write(toFile: CommandLine.arguments[1], atomically: true, encoding: .utf8)
}
