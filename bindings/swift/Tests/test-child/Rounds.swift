import Foundation
import Steadfast

/// Opens and closes a client again and again and says what the process holds. `test-child rounds DIR COUNT`
///
/// Says `ROUND DESCRIPTORS THREADS RESIDENT_KB` after the first tenth, when everything that is made once is there, and at the end.
enum Rounds {
    static func run(_ arguments: [String]) async {
        guard arguments.count == 2, let count = Int(arguments[1]) else { exit(2) }
        do {
            for round in 1...count {
                try await one(in: arguments[0], round)
                if round == count / 10 || round == count {
                    say("\(round) \(await descriptors()) \(await threads()) \(try residentKb())")
                }
            }
        } catch {
            say("error \(error)")
        }
    }

    /// Every object and both kinds of subscription are made; every other round leaves the closing to the last reference.
    private static func one(in folder: String, _ round: Int) async throws {
        let listener = round.isMultiple(of: 2) ? Listener() : nil
        let client = try await SteadfastClient.open(config: Config(dataDir: folder), listener: listener)
        let events = client.events
        let live = client.recorder().observe()
        _ = (client.activities(), client.maintenance(), CancelToken())
        _ = await live.next()
        if round.isMultiple(of: 2) {
            try client.shutdown()
            for await _ in events {}
        }
    }

    private final class Listener: EventListener {
        func onEvent(event: Event) {}
    }

    private static func descriptors() async -> Int { await settled("/proc/self/fd") }

    private static func threads() async -> Int { await settled("/proc/self/task") }

    /// A thread that was told to end takes a moment to be gone.
    private static func settled(_ folder: String) async -> Int {
        var last = Int.max
        for _ in 0..<50 {
            let now = (try? FileManager.default.contentsOfDirectory(atPath: folder).count) ?? 0
            if now >= last { return now }
            last = now
            try? await Task.sleep(for: .milliseconds(20))
        }
        return last
    }

    /// What the process holds once free memory has been given back; what the allocator keeps for later swings by a megabyte.
    private static func residentKb() throws -> Int {
        typealias Trim = @convention(c) (Int) -> Int32
        if let trim = dlsym(nil, "malloc_trim") {
            _ = unsafeBitCast(trim, to: Trim.self)(0)
        }
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") } ?? ""
        return Int(line.split(whereSeparator: { " \t".contains($0) }).dropFirst().first ?? "") ?? 0
    }
}
