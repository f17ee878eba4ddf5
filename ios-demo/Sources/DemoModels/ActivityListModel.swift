import Foundation
import Observation
import Steadfast

/// The finished workouts, a page at a time, and the way in for files.
@MainActor @Observable public final class ActivityListModel {
    /// What came out of the last import.
    public private(set) var imported: String?

    /// Newest first.
    public let pages: Pages<Activity, String>
    /// Imports and deletes.
    public let changing = Attempt()

    private let stored: Activities
    private var importing: Task<ImportReport, any Error>?

    public init(client: SteadfastClient, pageSize: UInt32 = 30) {
        let stored = client.activities()
        self.stored = stored
        pages = Pages(size: pageSize) { limit, after in
            let page = try await stored.list(query: ActivityQuery(limit: limit, after: after))
            return (page.activities, page.next)
        }
    }

    /// The pages that were read.
    public var activities: [Activity] { pages.rows }

    /// Deletes one with its track.
    public func delete(_ activity: Activity) async {
        await changing.run { [self] in
            try await stored.delete(id: activity.id)
            pages.remove { $0.id == activity.id }
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
            await pages.reload()
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
