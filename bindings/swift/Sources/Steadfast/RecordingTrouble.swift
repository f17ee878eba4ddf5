/// What is wrong with a recording's positions, as of the last update.
struct RecordingTrouble {
    private var ofFeed: LocationProblem?
    private var ofRecorder: (any Error)?

    /// What the person should see first: positions that cannot be kept are worse than none.
    var problem: (any Error)? { ofRecorder ?? ofFeed }

    /// Takes an update, and why the recorder refused it, if it did.
    ///
    /// - Returns: True if there is something new to say.
    mutating func hear(_ update: LocationUpdate, _ refusal: (any Error)?) -> Bool {
        let before = (ofFeed, ofRecorder.map { "\($0)" })
        switch update {
        case .problem(let problem):
            ofFeed = problem
        case .samples:
            ofRecorder = refusal.map(Self.isEnd) == true ? nil : refusal
            if ofFeed?.endsWithSamples == true {
                ofFeed = nil
            }
        }
        return before != (ofFeed, ofRecorder.map { "\($0)" })
    }

    /// True if there is just nothing to record into any more: the person finished a moment before this fix came.
    private static func isEnd(_ error: any Error) -> Bool {
        switch error as? SteadfastError {
        case .validation(code: .notRecording, field: _, detail: _), .storage(code: .closed, path: _, detail: _): true
        default: false
        }
    }
}

extension LocationProblem {
    /// True if positions that come all the same show that it is over.
    fileprivate var endsWithSamples: Bool {
        switch self {
        case .denied, .failed: true
        case .reducedAccuracy, .noBackgroundMode: false
        }
    }
}
