// A stand-in for UniformTypeIdentifiers, for type-checking only.
// swift-format-ignore-file

public struct UTType: Hashable, Sendable {
    public init?(filenameExtension: String) { return nil }
    public static var xml: UTType { fatalError() }
    public static var data: UTType { fatalError() }
}
