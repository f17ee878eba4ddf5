import Foundation

/// What an alert shows: `errorDescription` as its title (or `summary`, which is shorter), `failureReason` and `recoverySuggestion` as its
/// text.
extension SteadfastError: LocalizedError {
    /// What happened: the `summary`, and the `detail` if there is one.
    public var errorDescription: String? { description }

    /// Why.
    public var failureReason: String? { reason() }

    /// What the person can do about it.
    public var recoverySuggestion: String? { suggestion() }
}

/// What `print` and a log get is the sentence, not the case with its fields.
extension SteadfastError: CustomStringConvertible {}
