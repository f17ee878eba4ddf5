import Foundation
import Steadfast
import Testing

@testable import DemoModels

/// A folder of a test's own, gone with it.
final class Scratch: Sendable {
    let url: URL

    init() {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("steadfast-demo-\(UUID().uuidString)", isDirectory: true)
    }

    /// What a kill at this instant would leave: the files as they are now, with everything that was written and nothing tidied up.
    func asKilledNow() throws -> Scratch {
        let copy = Scratch()
        try FileManager.default.copyItem(at: url, to: copy.url)
        return copy
    }

    /// The files of the interrupted workouts.
    func recoveryFiles() throws -> [URL] {
        let root = url.appendingPathComponent("recovery")
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root.path)
        return paths.filter { $0.hasSuffix(".json") || $0.hasSuffix(".jsonl") }.map { root.appendingPathComponent($0) }
    }

    // A save clears its recovery folder a moment after it has returned, and then removing fails half way.
    deinit {
        for _ in 0..<50 where FileManager.default.fileExists(atPath: url.path) {
            try? FileManager.default.removeItem(at: url)
            usleep(2000)
        }
    }
}

/// Waits until something is true, for at most 20 s: the models hear of changes a moment after they happened.
@MainActor func until(
    _ what: Comment,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ isTrue: () -> Bool
) async throws {
    let deadline = ContinuousClock.now + .seconds(20)
    while !isTrue() {
        try #require(ContinuousClock.now < deadline, what, sourceLocation: sourceLocation)
        try await Task.sleep(for: .milliseconds(2))
    }
}

/// Settings that are gone with the test.
final class MemorySettings: SettingsStore {
    private var values: [String: Bool] = [:]

    func bool(forKey key: String) -> Bool { values[key] ?? false }
    func set(_ value: Bool, forKey key: String) { values[key] = value }
}
