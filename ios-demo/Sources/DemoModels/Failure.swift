import Foundation
import Steadfast

/// An error as a screen shows it: what happened, why, and what the person can do. The words are the core's.
public struct Failure: Error, Equatable, Identifiable, Sendable {
    /// The stable name of the error, for a support request.
    public let code: String
    /// What happened, in a few words.
    public let summary: String
    /// Why, in a sentence.
    public let reason: String
    /// What the person can do about it.
    public let suggestion: String
    /// Whether the same call may succeed later.
    public let isRetryable: Bool
    /// How grave it is.
    public let severity: Severity
    /// Where the recording or file is, if it is about one.
    public let path: String?
    /// The field that breaks a rule, if one does: `quantity`, `exercises[0].sets[3].reps`.
    public let field: String?

    public let id = UUID()

    public init(_ error: any Error) {
        if let failure = error as? Failure {
            self = failure
        } else if let error = error as? SteadfastError {
            self.init(core: error)
        } else if let problem = error as? LocationProblem {
            self.init(location: problem)
        } else {
            self.init(platform: error)
        }
    }

    /// The words of a code that the core gave without the error, as for a damaged recording.
    public init(code: String) {
        do {
            try raiseError(codeName: code)
            self.init(platform: UnknownCode(code: code))
        } catch {
            self.init(error)
        }
    }

    public static func == (one: Failure, other: Failure) -> Bool {
        one.code == other.code && one.path == other.path && one.field == other.field && one.reason == other.reason
    }

    private init(core error: SteadfastError) {
        code = error.codeName()
        summary = error.summary()
        reason = error.reason()
        suggestion = error.suggestion()
        isRetryable = error.retryable()
        severity = error.severity()
        path = error.path()
        if case .validation(_, let field, _) = error { self.field = field } else { field = nil }
    }

    private init(location problem: LocationProblem) {
        switch problem {
        case .denied:
            code = "location_denied"
            summary = "No access to your location"
            reason = "The app may not see where this device is."
            suggestion = "Allow location in the Settings app. The workout goes on, without a route until then."
        case .reducedAccuracy:
            code = "location_reduced"
            summary = "Only a rough location"
            reason = "The app may see your location only to within some kilometres."
            suggestion = "Allow the precise location in the Settings app. No distance is counted until then."
        case .noBackgroundMode:
            code = "location_no_background_mode"
            summary = "No location behind a locked screen"
            reason = "The app was built without the background mode for location."
            suggestion = "Keep the app on the screen while recording."
        case .failed(let said):
            code = "location_failed"
            summary = "No location at the moment"
            reason = said
            suggestion = "The workout goes on, and takes positions up again by itself."
        }
        (isRetryable, severity, path, field) = (false, .warning, nil, nil)
    }

    private init(platform error: any Error) {
        code = String(describing: type(of: error))
        summary = "Something went wrong"
        reason = error.localizedDescription
        suggestion = "Try again. If it happens again, restart the app."
        isRetryable = true
        severity = .error
        (path, field) = (nil, nil)
    }
}

/// A code that this version of the core does not know.
private struct UnknownCode: LocalizedError {
    let code: String
    var errorDescription: String? { "The core reported “\(code)”." }
}

extension Error {
    /// True if the person or the task asked for the end, so that there is nothing to show.
    var isCancellation: Bool {
        self is CancellationError || (self as? SteadfastError)?.codeName() == "cancelled"
    }
}
