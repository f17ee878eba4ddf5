@testable import Steadfast

/// The code of the error that a call throws; `nil` if it throws none.
///
/// - Throws: What is no error of the core.
func errorCode(
    isolation: isolated (any Actor)? = #isolation,
    _ call: () async throws -> Void
) async throws -> String? {
    try await steadfastError(call)?.codeName()
}

/// The error that a call throws; `nil` if it throws none.
///
/// - Throws: What is no error of the core.
func steadfastError(
    isolation: isolated (any Actor)? = #isolation,
    _ call: () async throws -> Void
) async throws -> SteadfastError? {
    do {
        try await call()
        return nil
    } catch let error as SteadfastError {
        return error
    }
}
