import Foundation
import Observation
import Steadfast

/// The workout logs, newest first, and the way to one of them.
@MainActor @Observable public final class StrengthModel {
    public let history: Pages<WorkoutLogSummary, String>
    public let movements: MovementsModel

    private let client: SteadfastClient
    /// The log on the screen, which has to hear of changes as well.
    @ObservationIgnored private weak var shown: WorkoutLogModel?

    public init(client: SteadfastClient, pageSize: UInt32 = 30) {
        self.client = client
        movements = MovementsModel(client: client)
        let strength = client.strength()
        history = Pages(size: pageSize) { limit, after in
            let page = try await strength.history(query: WorkoutLogQuery(limit: limit, after: after))
            return (page.logs, page.next)
        }
    }

    /// A model for the log of a training day; `unit` is what a first set is entered in.
    public func log(of day: ProgramDay, unit: WeightUnit, locale: Locale = .current) -> WorkoutLogModel {
        // A screen asks whenever it is drawn anew.
        if let shown, shown.programDay == day, !shown.isDeleted { return shown }
        let log = WorkoutLogModel(client: client, movements: movements, programDay: day, unit: unit, locale: locale)
        shown = log
        return log
    }

    /// Reads again what is on a screen.
    func refresh() async {
        if history.reading.isLoaded { await history.reload() }
        await shown?.refresh()
    }
}
