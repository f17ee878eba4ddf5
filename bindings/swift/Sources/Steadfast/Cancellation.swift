/// Runs a long call of the core with a token that is cancelled with the task, and waits until the core has decided.
///
/// A task that is cancelled already calls nothing. One that is cancelled meanwhile gets the call's value if the core committed before it
/// saw the token, and `CancellationError` if it stopped: never "cancelled" for something that happened.
func cancelledWithTask<Value: Sendable>(
    isolation: isolated (any Actor)? = #isolation,
    _ call: (CancelToken) async throws -> Value
) async throws -> Value {
    try Task.checkCancellation()
    let token = CancelToken()
    return try await withTaskCancellationHandler {
        do {
            return try await call(token)
        } catch SteadfastError.save(code: .cancelled, dataPath: _, detail: _) where token.isCancelled() {
            throw CancellationError()
        }
    } onCancel: {
        token.cancel()
    }
}
