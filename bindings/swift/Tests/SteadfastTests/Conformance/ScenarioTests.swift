import Foundation
import Testing

/// The scenarios that Rust and Kotlin run as well. All of a scenario happens in children: what comes before a kill in one that is killed.
struct ScenarioTests {
    private static let scenarios = packageFolder.appendingPathComponent("tests/scenarios")

    private static func files(in folder: URL) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
    }

    private struct Outline: Decodable {
        struct Step: Decodable {
            let `do`: String
        }

        let fails: String?
        let steps: [Step]
    }

    private static func outline(_ file: URL) throws -> Outline {
        try JSONDecoder().decode(Outline.self, from: Data(contentsOf: file))
    }

    /// What was not as the scenario says; `nil` if it passed.
    private static func failure(of file: URL) async throws -> String? {
        let scratch = try Scratch()
        let kills = try outline(file).steps.enumerated().filter { $0.element.do == "kill" }.map(\.offset)
        for from in [0] + kills.map({ $0 + 1 }) {
            let arguments = ["scenario", scenarios.path, file.path, scratch.url.path, "\(from)"]
            let isKilled = kills.contains { $0 >= from }
            // A child that is to be killed says when; one that fails before ends by itself.
            let heard = try await onThread {
                try Child(arguments).hear(isKilled ? .after("ready to be killed", micros: 0) : .endless)
            }
            if heard.lines != [isKilled ? "ready to be killed" : "passed"] || heard.wasKilled != isKilled {
                return heard.lines.first ?? "the child died with \(heard.status)"
            }
        }
        return nil
    }

    @Test(.timeLimit(.minutes(5)))
    func everyScenarioIsAsItSays() async throws {
        var passed: [String] = []
        for file in try Self.files(in: Self.scenarios) {
            let name = file.deletingPathExtension().lastPathComponent
            if let failure = try await Self.failure(of: file) {
                Issue.record("\(name): \(failure)")
            } else {
                passed.append(name)
            }
        }
        #expect(!passed.isEmpty)
        let folder = packageFolder.appendingPathComponent("target/conformance")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(passed.map { "\($0)\n" }.joined().utf8).write(to: folder.appendingPathComponent("swift.txt"))
    }

    @Test(.timeLimit(.minutes(5)))
    func everyScenarioThatIsBrokenOnPurposeFailsForItsReason() async throws {
        let files = try Self.files(in: Self.scenarios.appendingPathComponent("broken"))
        #expect(!files.isEmpty)
        for file in files {
            let reason = try #require(try Self.outline(file).fails)
            let failure = try await Self.failure(of: file)
            #expect(failure?.contains(reason) == true, "\(file.lastPathComponent): \(failure ?? "it passed")")
        }
    }
}
