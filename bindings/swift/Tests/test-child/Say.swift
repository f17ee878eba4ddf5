import Foundation

/// Says a line in one `write`: the parent hears all of it or nothing, whenever this process is killed.
func say(_ line: String) {
    var bytes = Array(line.utf8)
    bytes.append(UInt8(ascii: "\n"))
    let written = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    // The parent is gone, or half a line would be there.
    guard written == bytes.count else { exit(3) }
}
