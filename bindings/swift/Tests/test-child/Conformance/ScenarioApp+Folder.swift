import Foundation

/// What a scenario does to files.
extension ScenarioApp {
    func inFolder(_ verb: String, _ arguments: Arguments) throws -> JSON {
        let files = FileManager.default
        let file = { self.path(try arguments.neededText("path")) }
        switch verb {
        case "write_file":
            try writeFile(file(), arguments)
        case "append_file":
            let url = URL(fileURLWithPath: try file())
            try (Data(contentsOf: url) + Data(arguments.neededText("text").utf8)).write(to: url)
        case "make_dir":
            try files.createDirectory(atPath: file(), withIntermediateDirectories: true)
        case "remove":
            try files.removeItem(atPath: file())
        case "files":
            let folder = try file()
            guard files.fileExists(atPath: folder) else { return .array([]) }
            return .array(try files.contentsOfDirectory(atPath: folder).sorted().map(JSON.text))
        case "read_file":
            return .text(try String(contentsOfFile: file(), encoding: .utf8))
        default:
            throw Mismatch("nobody knows the verb \(verb)")
        }
        return .null
    }

    private func writeFile(_ file: String, _ arguments: Arguments) throws {
        if let source = try arguments.text("copy") {
            try Data(contentsOf: URL(fileURLWithPath: path(source))).write(to: URL(fileURLWithPath: file))
            return
        }
        try Data((arguments.text("text") ?? "").utf8).write(to: URL(fileURLWithPath: file))
        if let size = try arguments.whole("size", UInt64.self) {
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
            try handle.truncate(atOffset: size)
            try handle.close()
        }
    }
}
