import Foundation
import Steadfast

/// The models of the training screens and of the outbox over one client, and which of them a change concerns.
@MainActor public final class TrainingModels {
    public let program: ProgramModel
    public let strength: StrengthModel
    public let metrics: MetricsModel
    public let habits: HabitsModel
    public let outbox: OutboxModel

    init(client: SteadfastClient) {
        program = ProgramModel(client: client, program: .fiveByFive)
        strength = StrengthModel(client: client)
        metrics = MetricsModel(client: client)
        habits = HabitsModel(client: client)
        outbox = OutboxModel(client: client)
    }

    /// Reads again what shows rows of this kind, and the outbox: whatever changed here, the server has yet to hear of it.
    func take(_ changed: ChangedEntity) async {
        await refresh(changed)
        await outbox.reload()
    }

    /// Reads again whatever was on a screen before.
    func refresh() async {
        for entity in ChangedEntity.allCases { await refresh(entity) }
        await outbox.reload()
    }

    private func refresh(_ changed: ChangedEntity) async {
        switch changed {
        case .programSession: await program.refresh()
        case .exerciseDefinition: await strength.movements.refresh()
        case .workoutLog: await strength.refresh()
        case .progressEntry: await metrics.refresh()
        case .habitLog: await habits.refresh()
        case .activity: break
        }
    }
}
