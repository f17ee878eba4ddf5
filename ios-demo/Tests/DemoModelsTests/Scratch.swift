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
    /// The app still runs; a copy during which it wrote is a mixture that no kill leaves, and is made again.
    func asKilledNow() throws -> Scratch {
        for _ in 0..<250 {
            let copy = Scratch()
            let before = try state()
            let copied = Result { try FileManager.default.copyItem(at: url, to: copy.url) }
            if case .success = copied, try state() == before { return copy }
            usleep(20_000)
        }
        throw CocoaError(.fileWriteUnknown)
    }

    /// Each file's length and last change.
    private func state() throws -> [String: [String]] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: url.path)
        return Dictionary(
            uniqueKeysWithValues: paths.map { path in
                let attributes = try? FileManager.default.attributesOfItem(atPath: url.appendingPathComponent(path).path)
                return (path, [FileAttributeKey.size, .modificationDate].map { String(describing: attributes?[$0]) })
            }
        )
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
