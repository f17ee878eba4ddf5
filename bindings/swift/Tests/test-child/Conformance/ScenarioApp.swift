import Foundation
import Steadfast

/// An app that does as a scenario says. `test-child scenario SCENARIOS FILE WORK FROM`
///
/// Performs the steps up to the next kill and waits for it, or to the end. Says one line: `ready to be killed`, `passed`, or what was not
/// as it should be.
final class ScenarioApp {
    private static let startMs: Int64 = 1_777_622_400_000

    let scenarios: URL
    let work: URL
    let clock: ManualClock
    let events = KeptEvents()
    var client: SteadfastClient?
    var server: ServerProcess?
    private var names: [String: JSON]

    /// What goes on in the next process after a kill.
    private struct State: Codable {
        var nowMs: Int64
        var names: [String: JSON]
    }

    static func run(_ arguments: [String]) async {
        guard arguments.count == 4, let from = Int(arguments[3]) else { exit(2) }
        do {
            let scenario = try Scenario(file: URL(fileURLWithPath: arguments[1]))
            let app = try ScenarioApp(scenarios: URL(fileURLWithPath: arguments[0]), work: URL(fileURLWithPath: arguments[2]))
            let kill = scenario.killAfter(from)
            for index in from..<(kill ?? scenario.steps.count) {
                try await app.perform(scenario.steps[index], number: index + 1)
            }
            if kill == nil {
                say("passed")
            } else {
                say("ready to be killed")
                while true { pause() }
            }
        } catch {
            say("\(error)".replacingOccurrences(of: "\n", with: " "))
        }
    }

    private init(scenarios: URL, work: URL) throws {
        (self.scenarios, self.work) = (scenarios, work)
        let file = work.appendingPathComponent("state.json")
        let state =
            FileManager.default.fileExists(atPath: file.path)
            ? try JSONDecoder().decode(State.self, from: Data(contentsOf: file))
            : State(nowMs: Self.startMs, names: ["work": .text(work.path)])
        names = state.names
        clock = ManualClock(time: Date(timeIntervalSince1970: Double(state.nowMs) / 1000))
    }

    private func perform(_ step: Scenario.Step, number: Int) async throws {
        do {
            for _ in 0..<step.times {
                try await perform(step)
                try keepState()
            }
        } catch {
            throw Mismatch("step \(number) (\(step.verb)): \(error)")
        }
    }

    private func perform(_ step: Scenario.Step) async throws {
        let arguments = Arguments(step.arguments.mapValues(resolve))
        let result: JSON
        do {
            result = try await call(step.verb, arguments)
            try arguments.end()
        } catch let error as SteadfastError {
            guard let expected = step.error else { throw Mismatch("\(error.codeName()) \(error)") }
            return try Matching.match(resolve(expected), seen(error: error))
        }
        if step.error != nil { throw Mismatch("it succeeded and should have failed") }
        if let name = step.binds {
            if case .object(let fields) = result, let id = fields["id"] { names[name] = id } else { names[name] = result }
        }
        if let expected = step.expect { try Matching.match(resolve(expected), result) }
    }

    private func keepState() throws {
        let state = State(nowMs: nowMs, names: names)
        try JSONEncoder().encode(state).write(to: work.appendingPathComponent("state.json"))
    }

    /// Puts values in the place of names.
    private func resolve(_ value: JSON) -> JSON {
        switch value {
        case .text(let text): resolve(text)
        case .array(let elements): .array(elements.map(resolve))
        case .object(let members): .object(members.mapValues(resolve))
        default: value
        }
    }

    private func resolve(_ text: String) -> JSON {
        if text.hasPrefix("$"), let value = names[String(text.dropFirst())] { return value }
        var parts = text.components(separatedBy: "$")
        let beginning = parts.removeFirst()
        return .text(
            parts.reduce(beginning) { resolved, part in
                let name = part.prefix { ("a"..."z").contains($0) || $0 == "_" }
                return resolved + (names[String(name)]?.text ?? "$\(name)") + part.dropFirst(name.count)
            }
        )
    }

    var nowMs: Int64 { milliseconds(clock.time()) }

    func path(_ path: String) -> String {
        (path.hasPrefix("files/") ? scenarios : work).appendingPathComponent(path).path
    }

    /// - Throws: If none is open.
    func opened() throws -> SteadfastClient {
        guard let client else { throw Mismatch("no client is open") }
        return client
    }
}
