import Foundation

/// Files that the person picked outside of the app's container can be opened only between these two calls.
func withSecurityScope<Value: Sendable>(
    of file: URL,
    isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> Value
) async rethrows -> Value {
    #if canImport(Darwin)
        let isScoped = file.startAccessingSecurityScopedResource()
        defer {
            if isScoped {
                file.stopAccessingSecurityScopedResource()
            }
        }
    #endif
    return try await body()
}
