import Foundation

@testable import Steadfast

/// An empty folder in memory, gone with the last reference.
final class Scratch: Sendable {
    let url: URL

    init() throws {
        let memory = URL(fileURLWithPath: "/dev/shm")
        let root = FileManager.default.fileExists(atPath: memory.path) ? memory : FileManager.default.temporaryDirectory
        url = root.appendingPathComponent("steadfast-swift-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        // A store that is just being opened or closed puts a file there meanwhile.
        for _ in 0..<100 {
            try? FileManager.default.removeItem(at: url)
            guard FileManager.default.fileExists(atPath: url.path) else { return }
            usleep(10_000)
        }
    }

    var config: Config { Config(dataDir: url.appendingPathComponent("data").path) }
}

/// The folder of `Package.swift`, for its `target`.
let packageFolder = URL(fileURLWithPath: "\(#filePath)/../../../../../..").standardized
