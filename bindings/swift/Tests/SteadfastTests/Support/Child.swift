import Foundation

/// A process that the test starts, hears line by line, and may kill.
final class Child: Sendable {
    /// When it is killed.
    enum Patience {
        /// Never.
        case endless
        /// As soon as it said so many lines.
        case lines(Int)
        /// So many microseconds after the first line that begins like this.
        case after(String, micros: UInt32)
        /// So many microseconds after its start.
        case micros(UInt32)
    }

    struct Heard {
        /// Whole lines.
        var lines: [String] = []
        /// It was killed rather than ended.
        var wasKilled = false
        /// How it ended, as `waitpid` says.
        var status: Int32 = 0
    }

    struct CannotStart: Error {
        let program: String
        let code: Int32
    }

    let id: pid_t
    private let output: FileHandle

    /// The test child lies beside the tests' own program.
    static var program: String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("test-child").path
    }

    init(_ arguments: [String]) throws {
        let pipe = Pipe()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, pipe.fileHandleForWriting.fileDescriptor, STDOUT_FILENO)
        posix_spawn_file_actions_addclose(&actions, pipe.fileHandleForReading.fileDescriptor)
        var words = ([Self.program] + arguments).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var id: pid_t = 0
        let code = posix_spawn(&id, Self.program, &actions, nil, &words, environ)
        guard code == 0 else { throw CannotStart(program: Self.program, code: code) }
        try pipe.fileHandleForWriting.close()
        (self.id, output) = (id, pipe.fileHandleForReading)
    }

    func kill() {
        #if canImport(Glibc)
            Glibc.kill(id, SIGKILL)
        #endif
    }

    /// Hears it until it dies or ends. Blocks.
    func hear(_ patience: Patience = .endless) -> Heard {
        var heard = Heard()
        var rest = Data()
        if case .micros(let micros) = patience {
            usleep(micros)
            kill()
        }
        while case let data = output.availableData, !data.isEmpty {
            rest.append(data)
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                // What has no end was never said: the child writes a line at once.
                heard.lines.append(String(decoding: rest[rest.startIndex..<end], as: UTF8.self))
                rest = rest[rest.index(after: end)...]
                switch patience {
                case .lines(heard.lines.count): kill()
                case .after(let beginning, let micros) where heard.lines.last?.hasPrefix(beginning) == true:
                    usleep(micros)
                    kill()
                default: break
                }
            }
        }
        waitpid(id, &heard.status, 0)
        heard.wasKilled = heard.status & 0x7f == SIGKILL
        return heard
    }
}

/// Runs what blocks on a thread of its own; the tasks' own threads are as few as the machine's cores.
func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result(catching: work)) }
    }
}
