// A stand-in for Darwin and what Foundation has on Apple's systems only. For type-checking on Linux; see README.md.
//
// What Apple documents is not documented again.
// swift-format-ignore-file
@_exported import Glibc
import Foundation

public func sysctlbyname(
    _ name: String,
    _ old: UnsafeMutableRawPointer?,
    _ oldSize: UnsafeMutablePointer<Int>?,
    _ new: UnsafeMutableRawPointer?,
    _ newSize: Int
) -> Int32 { fatalError() }

extension URL {
    public func startAccessingSecurityScopedResource() -> Bool { fatalError() }
    public func stopAccessingSecurityScopedResource() { fatalError() }
}
