import Foundation
import Testing

@testable import Steadfast

/// The promise: what `addSamples` acknowledged survives SIGKILL; a save is all or nothing, and happens once.
///
/// `STEADFAST_KILLS_SWIFT` sets the number of kills (200), `STEADFAST_SEED` the story.
struct KillTests {
    /// What the app does; each takes up what the one before left. `NAME:COUNT:BATCH`.
    private static let scripts = [
        "begin samples:40:1 save start samples:30:3 readings:5 pause",
        "begin samples:20:1 readings:3 pause samples:3:1 resume samples:30:5 save begin samples:60:1 save",
        "begin samples:10:1 pause resume samples:10:1 discard start samples:20:2 save",
        "save-recovered start samples:120:20 stop save start samples:5:1 save start samples:200:50",
        "start samples:15:1 suspend samples:15:1 save start samples:15:1 stop resume samples:20:1 save",
        // Over five minutes, so that the regular snapshots come.
        "begin samples:700:100 samples:20:1 save",
    ]
    /// Enough for several interrupted workouts to pile up in a folder and be taken up again.
    private static let killsPerFolder = 5

    private static func number(_ name: String, or usual: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? usual
    }

    @Test(.timeLimit(.minutes(10)))
    func whatWasAcknowledgedSurvivesAKillAtAnyMoment() async throws {
        let wanted = Self.number("STEADFAST_KILLS_SWIFT", or: 200)
        let seed = UInt64(Self.number("STEADFAST_SEED", or: 1))
        var total = Life()
        while total.kills < wanted {
            let folder = total.folders
            let life = try await Self.life(seed: seed, folder: folder, kills: min(Self.killsPerFolder, wanted - total.kills))
            for problem in life.problems { Issue.record("seed \(seed), folder \(folder): \(problem)") }
            total.add(life)
        }
        #expect(total.lost == 0)
        #expect(total.acknowledged > UInt64(wanted), "the children hardly recorded")
        let line = "swift: kills \(total.kills), acknowledged samples \(total.acknowledged), lost \(total.lost)"
        print(line)
        try FileManager.default.createDirectory(at: packageFolder.appendingPathComponent("target"), withIntermediateDirectories: true)
        try Data("\(line)\n".utf8).write(to: packageFolder.appendingPathComponent("target/kills-swift.txt"))
    }

    struct Life {
        var folders = 0
        var kills = 0
        var acknowledged: UInt64 = 0
        var lost: UInt64 = 0
        var problems: [String] = []

        mutating func add(_ other: Life) {
            folders += 1
            kills += other.kills
            acknowledged += other.acknowledged
            lost += other.lost
        }
    }

    /// A data folder whose app is killed again and again, and looked at every time.
    private static func life(seed: UInt64, folder: Int, kills: Int) async throws -> Life {
        var dice = Dice(seed: seed &* 1_000_003 &+ UInt64(folder))
        let scratch = try Scratch()
        let key = folder.isMultiple(of: 2) ? nil : "a key of exactly thirty-two byte"
        let autosaveMs: UInt32 = [0, 2, 10_000][folder % 3]
        let config = Config(
            dataDir: scratch.config.dataDir,
            recoveryKey: key.map { Data($0.utf8) },
            autosaveIntervalMs: autosaveMs,
            bootId: "kills"
        )
        var ledger = Ledger(startMs: 1_777_622_400_000)
        var nowMs = ledger.latestMs
        var audit = Audit()
        var life = Life()
        while life.kills < kills {
            let script = scripts.randomElement(using: &dice) ?? scripts[0]
            let patience = patience(&dice)
            let setting = ["record", config.dataDir, "\(nowMs)", "\(autosaveMs)", key ?? "-"]
            let arguments = setting + script.split(separator: " ").map(String.init)
            let heard = try await onThread { try Child(arguments).hear(patience) }
            if !heard.wasKilled && heard.status != 0 { audit.note("the child ended with \(heard.status): \(heard.lines.suffix(3))") }
            life.kills += heard.wasKilled ? 1 : 0
            ledger.hear(heard.lines)
            nowMs = max(nowMs, ledger.latestMs) + 600_000
            // Most are left to the next child, some to the person.
            let finishing = life.kills == kills || Int.random(in: 0..<4, using: &dice) == 0
            try await audit.run(on: config, at: nowMs, against: &ledger, finishing: finishing)
            nowMs += 600_000
        }
        life.acknowledged = ledger.acknowledged
        life.lost = audit.lost
        life.problems = ledger.problems + audit.problems
        return life
    }

    /// Anywhere, after a line, or in the middle of a save, which takes one to a few milliseconds here.
    private static func patience(_ dice: inout Dice) -> Child.Patience {
        switch Int.random(in: 0..<4, using: &dice) {
        case 0: .micros(UInt32.random(in: 0..<80_000, using: &dice))
        case 1: .after("do save", micros: UInt32.random(in: 0..<4000, using: &dice))
        default: .lines(Int.random(in: 1..<90, using: &dice))
        }
    }
}
