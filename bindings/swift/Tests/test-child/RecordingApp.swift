import Foundation
import Steadfast

/// An app that records by a script and says what the core acknowledged. `test-child record DIR NOW_MS AUTOSAVE_MS KEY|- STEP…`
///
/// It says `do VERB ID` before a call that changes something and another line after it, so that the parent knows what was under way when
/// it killed the app, and `offer ID FIRST_MS COUNT` before samples, `ack …` after them.
struct RecordingApp {
    private let client: SteadfastClient
    private let recorder: Recorder
    private let clock: ManualClock
    private let second: Int64 = 1000

    static func run(_ arguments: [String]) async {
        guard arguments.count > 4, let nowMs = Int64(arguments[1]), let autosaveMs = UInt32(arguments[2]) else { exit(2) }
        do {
            let clock = ManualClock(time: Date(timeIntervalSince1970: Double(nowMs) / 1000))
            let config = Config(
                dataDir: arguments[0],
                recoveryKey: arguments[3] == "-" ? nil : Data(arguments[3].utf8),
                autosaveIntervalMs: autosaveMs,
                bootId: "kills"
            )
            let client = try await SteadfastClient.openWithClock(config: config, listener: nil, clock: clock)
            say("opened")
            let app = RecordingApp(client: client, recorder: client.recorder(), clock: clock)
            for step in arguments.dropFirst(4) {
                try await app.perform(step)
            }
            try client.shutdown()
            say("closed")
        } catch {
            say("error \(error)")
        }
    }

    private func perform(_ step: String) async throws {
        let words = step.split(separator: ":")
        let count = words.count > 1 ? Int64(words[1]) ?? 0 : 0
        let batch = words.count > 2 ? Int64(words[2]) ?? 1 : 1
        switch words[0] {
        case "begin": try await begin()
        case "start": try start()
        case "samples": try samples(count, batch)
        case "readings": try readings(count)
        case "pause": try change("pause", recorder.pause)
        case "resume": try change("resume", recorder.resume)
        case "stop": try change("stop", recorder.stop)
        case "save": try await save()
        case "discard": try discard()
        case "save-recovered":
            for info in try await offered() { try await saveRecovered(info.id) }
        case "suspend":
            try client.suspendStorage(deadlineMs: 1000)
            try client.resumeStorage()
        default: fatalError("\(step) is no step")
        }
    }

    private func offered() async throws -> [RecoveryInfo] {
        try await recorder.recovery()
    }

    /// What the next start of the app does: goes on with the newest interrupted workout, saves the older ones; without any, starts one.
    private func begin() async throws {
        let offered = try await offered()
        guard let newest = offered.first else { return try start() }
        for info in offered.dropFirst() { try await saveRecovered(info.id) }
        say("do resume \(newest.id)")
        let live = try recorder.resumeRecovered(id: newest.id)
        say("did resume \(newest.id)")
        if live.state != .recording { try change("resume", recorder.resume) }
    }

    private func start() throws {
        say("do start -")
        let id = try recorder.start(options: StartOptions(kind: .running))
        say("did start \(id)")
    }

    private func samples(_ count: Int64, _ batch: Int64) throws {
        var left = count
        while left > 0 {
            let size = min(left, batch)
            let times = (0..<size).map { _ in tick() }
            say("offer \(active) \(times[0]) \(size)")
            let live = try recorder.addSamples(samples: times.map(fix))
            // While it is paused samples are kept, but are no part of the track.
            let counts = live.state == .recording ? "must" : "may"
            say("ack \(active) \(counts) \(times[0]) \(size) \(live.unsavedSamples)")
            left -= size
        }
    }

    private func readings(_ count: Int64) throws {
        let times = (0..<count).map { _ in tick() }
        say("offer \(active) \(times[0]) \(count)")
        let live = try recorder.addReadings(
            readings: times.map { SensorReading(time: Date(timeIntervalSince1970: Double($0) / 1000), heartRateBpm: 150) }
        )
        say("ack \(active) may \(times[0]) \(count) \(live.unsavedSamples)")
    }

    private func change(_ verb: String, _ call: () throws -> LiveStatistics) throws {
        let id = active
        _ = tick()
        say("do \(verb) \(id)")
        _ = try call()
        say("did \(verb) \(id)")
    }

    private func save() async throws {
        let id = active
        _ = tick()
        say("do save \(id)")
        do {
            try await recorder.save(options: SaveOptions())
            say("did save \(id)")
        } catch SteadfastError.validation {
            say("refused \(id)")
            try discard()
        }
    }

    private func saveRecovered(_ id: UUID) async throws {
        say("do save \(id)")
        do {
            try await recorder.saveRecovered(id: id, options: SaveOptions())
            say("did save \(id)")
        } catch SteadfastError.validation {
            say("refused \(id)")
            say("do discard \(id)")
            try recorder.discardRecovered(id: id)
            say("did discard \(id)")
        }
    }

    private func discard() throws {
        let id = active
        say("do discard \(id)")
        try recorder.discard()
        say("did discard \(id)")
    }

    private var active: String { recorder.activeId()?.uuidString ?? "-" }

    private func tick() -> Int64 {
        clock.advance(ms: second)
        return Int64((clock.time().timeIntervalSince1970 * 1000).rounded())
    }

    /// Somebody goes north at 3 m/s, whatever happens to the app: every fix is good enough for the track.
    private func fix(_ atMs: Int64) -> LocationSample {
        let northM = 3 * Double(atMs % 10_000_000_000) / 1000
        return LocationSample(
            time: Date(timeIntervalSince1970: Double(atMs) / 1000),
            latitudeDeg: -60 + northM / 111_320,
            longitudeDeg: 8,
            altitudeM: 500,
            horizontalAccuracyM: 5,
            speedMps: 3
        )
    }
}
