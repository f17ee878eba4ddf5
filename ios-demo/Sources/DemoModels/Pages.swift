import Observation

/// The rows of a list, a page at a time.
@MainActor @Observable public final class Pages<Row: Equatable & Sendable, Mark: Sendable> {
    /// In the order of the list.
    public private(set) var rows: [Row] = []
    public let reading = Reading()

    private let size: UInt32
    private let read: @MainActor (_ limit: UInt32, _ after: Mark?) async throws -> (rows: [Row], next: Mark?)
    private var next: Mark?

    /// A list that nobody has read yet.
    ///
    /// - Parameters:
    ///   - size: Rows of a page.
    ///   - read: Reads at most `limit` rows after a page's mark, and says where the next page begins; nothing on the last.
    init(
        size: UInt32 = 30,
        read: @escaping @MainActor (_ limit: UInt32, _ after: Mark?) async throws -> (rows: [Row], next: Mark?)
    ) {
        self.size = size
        self.read = read
    }

    /// True if there is another page.
    public var hasMore: Bool { next != nil }

    /// True once it is known that there is nothing.
    public var isEmpty: Bool { reading.isLoaded && rows.isEmpty }

    /// Reads the list again, as far as it was read before. At most the 1000 rows of one query; scrolling fetches the rest.
    public func reload() async {
        await reading.run { [self] in try await readAgain() }
    }

    /// Reads the next page when the last row comes into view.
    public func loadMore(after row: Row) async {
        await reading.settle()
        guard row == rows.last, next != nil else { return }
        await reading.run { [self] in
            let page = try await read(size, next)
            rows += page.rows
            next = page.next
        } again: { [self] in
            try await readAgain()
        }
    }

    /// Takes a row off the screen whose deletion has been committed.
    func remove(where isGone: (Row) -> Bool) { rows.removeAll(where: isGone) }

    private func readAgain() async throws {
        let limit = min(max(UInt32(rows.count), size), 1000)
        (rows, next) = try await read(limit, nil)
    }
}
