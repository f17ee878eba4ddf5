import Foundation
import Observation
import Steadfast

/// The finished workouts, a page at a time, and the way in for files.
@MainActor @Observable public final class ActivityListModel {
    /// Newest first.
    public private(set) var activities: [Activity] = []
    /// False until the first page was read, so that an empty list is not said too early.
    public private(set) var isLoaded = false
    /// What came out of the last import.
    public private(set) var imported: String?

    /// Reads pages.
    public let reading = Attempt()
    /// Imports and deletes.
    public let changing = Attempt()

    private let stored: Activities
    private let pageSize: UInt32
    private var next: String?
    private var importing: Task<ImportReport, any Error>?
    /// A change was seen while a page was being read.
    private var isStale = false

    public init(client: SteadfastClient, pageSize: UInt32 = 30) {
        stored = client.activities()
        self.pageSize = pageSize
    }

    /// True if there is another page.
    public var hasMore: Bool { next != nil }

    /// Reads the list again, as far as it was read before. At most the 1000 rows of one query; scrolling fetches the rest.
    public func reload() async {
        guard !reading.isBusy else {
            isStale = true
            return
        }
        repeat {
            isStale = false
            await reading.run { [self] in
                let limit = min(max(UInt32(activities.count), pageSize), 1000)
                let page = try await stored.list(query: ActivityQuery(limit: limit))
                (activities, next, isLoaded) = (page.activities, page.next, true)
            }
        } while isStale
    }

    /// Reads the next page when the last row comes into view.
    public func loadMore(after activity: Activity) async {
        guard activity.id == activities.last?.id, next != nil else { return }
        await reading.run { [self] in
            let page = try await stored.list(query: ActivityQuery(limit: pageSize, after: next))
            activities += page.activities
            next = page.next
        }
        if isStale { await reload() }
    }

    /// Deletes one with its track.
    public func delete(_ activity: Activity) async {
        await changing.run { [self] in
            try await stored.delete(id: activity.id)
            activities.removeAll { $0.id == activity.id }
        }
    }

    /// Takes in a GPX, TCX or FIT file.
    public func importFile(at file: URL) async {
        await changing.run { [self] in
            imported = nil
            let task = Task { [stored] in try await stored.importFile(at: file) }
            importing = task
            defer { importing = nil }
            imported = Self.summary(of: try await task.value)
            await reload()
        }
    }

    /// True while a file is taken in.
    public var isImporting: Bool { importing != nil }

    /// Asks the import to stop; nothing of the file is stored then.
    public func cancelImport() { importing?.cancel() }

    /// Takes the import's outcome off the screen.
    public func dismissImport() { imported = nil }

    /// What an import did, in a sentence.
    static func summary(of report: ImportReport) -> String {
        let new = report.activities.count { $0.isNew }
        let known = report.activities.count - new
        var parts: [String] = []
        if new > 0 { parts.append(new == 1 ? "1 activity imported" : "\(new) activities imported") }
        if known > 0 { parts.append(known == 1 ? "1 was here already" : "\(known) were here already") }
        parts += report.skipped.map { "session \($0.index + 1) skipped: \($0.reason)" }
        return parts.joined(separator: "; ") + "."
    }
}
