import Foundation
import Observation
import Steadfast

/// What was measured, a kind at a time: the entries, newest first, and how they went.
@MainActor @Observable public final class MetricsModel {
    /// The kind on the screen.
    public private(set) var kind = MetricKind.bodyMass
    /// Its entries, newest first.
    public private(set) var entries: Pages<ProgressEntry, String>
    /// Its last 90 days; nothing until they were read.
    public private(set) var trend: TrendShape?
    /// Deletes.
    public let changing = Attempt()

    private let metrics: Metrics
    private let pageSize: UInt32
    private let trendReading = Reading()
    /// The last day of the trend.
    private var today: CivilDate?

    /// About a season: long enough for a trend, and a point is still 4 points of a phone's width.
    static let trendDays = 90

    public init(client: SteadfastClient, pageSize: UInt32 = 30) {
        metrics = client.metrics()
        self.pageSize = pageSize
        entries = Self.pages(of: .bodyMass, in: metrics, size: pageSize)
    }

    /// Reads; the one that failed, if one did.
    public var reading: Attempt { entries.reading.attempt.failure == nil ? trendReading.attempt : entries.reading.attempt }

    /// Shows another kind.
    public func show(_ kind: MetricKind, now: Date, in zone: TimeZone = .current) async {
        guard kind != self.kind else { return }
        self.kind = kind
        // A list of its own: what is still being read belongs to the kind before.
        entries = Self.pages(of: kind, in: metrics, size: pageSize)
        trend = nil
        await load(now: now, in: zone)
    }

    /// Reads entries and trend up to the day that it is now.
    public func load(now: Date, in zone: TimeZone = .current) async {
        today = CivilDate(now, in: zone)
        await entries.reload()
        await loadTrend()
    }

    /// Reads again what is on a screen.
    func refresh() async {
        guard today != nil else { return }
        await entries.reload()
        await loadTrend()
    }

    /// A form for a new entry, in the unit that was entered last.
    public func newEntry(now: Date, locale: Locale = .current) -> EntryFormModel {
        EntryFormModel(metrics: metrics, kind: kind, unit: entries.rows.first?.unit ?? kind.usualUnit, now: now, locale: locale)
    }

    /// A form for an entry of the list.
    public func edit(_ entry: ProgressEntry, locale: Locale = .current) -> EntryFormModel {
        EntryFormModel(metrics: metrics, entry: entry, locale: locale)
    }

    /// Deletes an entry.
    public func delete(_ entry: ProgressEntry) async {
        await changing.run { [self] in
            try await metrics.delete(id: entry.id)
            entries.remove { $0.id == entry.id }
        }
    }

    private func loadTrend() async {
        await trendReading.run { [self] in
            guard let today, let start = today.adding(days: 1 - Self.trendDays) else { return }
            let kind = kind
            let days = try await metrics.daily(kind: kind, fromDate: start, toDate: today)
            // The person may have turned to another kind meanwhile, which has a read of its own.
            if kind == self.kind { trend = TrendShape(days, of: kind, unit: entries.rows.first?.unit ?? kind.usualUnit) }
        }
    }

    private static func pages(of kind: MetricKind, in metrics: Metrics, size: UInt32) -> Pages<ProgressEntry, String> {
        Pages(size: size) { limit, after in
            let page = try await metrics.list(query: ProgressEntryQuery(kind: kind, limit: limit, after: after))
            return (page.entries, page.next)
        }
    }
}
