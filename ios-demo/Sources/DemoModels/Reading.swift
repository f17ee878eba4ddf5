import Observation

/// Reads what a screen shows. What changes during a read is read by another one right after it, and whoever asked for that waits for it.
@MainActor @Observable public final class Reading {
    public let attempt = Attempt()
    /// False until the first read succeeded, so that an empty screen is not shown too early.
    public private(set) var isLoaded = false

    private var isStale = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Nothing is read yet.
    public init() {}

    /// Reads, or has whoever reads now read once more.
    func run(_ read: @escaping @MainActor () async throws -> Void) async { await run(read, again: read) }

    /// As `run`, where only what changes meanwhile is read by `again`.
    func run(
        _ read: @escaping @MainActor () async throws -> Void,
        again: @escaping @MainActor () async throws -> Void
    ) async {
        guard !attempt.isBusy else {
            isStale = true
            await settle()
            return
        }
        // All of it is in the attempt's work, so that trying again after a failure does the same.
        await attempt.run { [self] in
            defer { rest() }
            try await read()
            while isStale {
                isStale = false
                try await again()
            }
            isLoaded = true
        }
    }

    /// Waits until nothing is being read.
    func settle() async {
        if attempt.isBusy { await withCheckedContinuation { waiting.append($0) } }
    }

    private func rest() {
        isStale = false
        let waiting = waiting
        self.waiting = []
        waiting.forEach { $0.resume() }
    }
}
