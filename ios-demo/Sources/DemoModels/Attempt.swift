import Observation

/// One call at a time: busy while it runs, its failure after it, and the way to repeat it.
@MainActor @Observable public final class Attempt {
    public private(set) var isBusy = false
    /// Why the last call failed; nothing if it did not, or was cancelled.
    public private(set) var failure: Failure?

    private var work: (@MainActor () async throws -> Void)?

    public init() {}

    /// Runs the work unless another runs already. True if it was done.
    @discardableResult public func run(_ work: @escaping @MainActor () async throws -> Void) async -> Bool {
        guard !isBusy else { return false }
        (isBusy, failure, self.work) = (true, nil, nil)
        defer { isBusy = false }
        do {
            try await work()
            return true
        } catch let error where error.isCancellation {
            return false
        } catch {
            (failure, self.work) = (Failure(error), work)
            return false
        }
    }

    /// Runs the work that failed again.
    public func retry() async {
        if let work { await run(work) }
    }

    /// Takes the error off the screen.
    public func dismiss() { (failure, work) = (nil, nil) }
}
