import Foundation

/// The scripted server of the Rust tests in a process of its own, which ends with its stdin: when it is closed, or when this process dies.
final class ServerProcess {
    private let process = Process()
    private let commands = Pipe()
    private let replies = Pipe()
    private var heard = Data()
    /// Where it listens.
    private(set) var address = JSON.null

    init(besides scenarios: URL, tls: Bool) throws {
        process.executableURL = Self.program(besides: scenarios)
        process.arguments = tls ? ["tls"] : []
        process.standardInput = commands
        process.standardOutput = replies
        try process.run()
        address = try reply()
    }

    /// Passes a command on, and gives what it answers.
    func ask(_ command: JSON) throws -> JSON {
        var line = try JSONEncoder().encode(command)
        line.append(UInt8(ascii: "\n"))
        try commands.fileHandleForWriting.write(contentsOf: line)
        return try reply()
    }

    func stop() {
        try? commands.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    private func reply() throws -> JSON {
        let end = UInt8(ascii: "\n")
        while !heard.contains(end) {
            let more = replies.fileHandleForReading.availableData
            if more.isEmpty { throw Mismatch("the server ended") }
            heard.append(more)
        }
        let line = heard.prefix { $0 != end }
        heard = Data(heard.dropFirst(line.count + 1))
        guard case .object(let members) = try JSONDecoder().decode(JSON.self, from: line), let answer = members["answer"] else {
            throw Mismatch("the server says \(String(decoding: line, as: UTF8.self))")
        }
        return answer
    }

    /// It lies beside the library.
    private static func program(besides scenarios: URL) -> URL {
        let library = ProcessInfo.processInfo.environment["STEADFAST_LIB_DIR"].map { URL(fileURLWithPath: $0) }
        let repository = scenarios.deletingLastPathComponent().deletingLastPathComponent()
        return (library ?? repository.appendingPathComponent("target/debug")).appendingPathComponent("scripted_server")
    }
}
