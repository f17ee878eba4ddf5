import Foundation
import Observation
import Steadfast

/// The catalogue of movements: searched, chosen from, added to.
@MainActor @Observable public final class MovementsModel {
    /// What the person looks for.
    public var search = ""
    public let reading = Reading()
    /// Puts movements into the catalogue.
    public let changing = Attempt()

    private let strength: Strength
    private var catalogue: [ExerciseDefinition] = []
    /// Names of movements that are used here but are in the catalogue no more.
    private var formerNames: [UUID: String] = [:]

    init(client: SteadfastClient) { strength = client.strength() }

    /// The catalogue and the movements that the app brings along, as far as they fit the search, by name.
    public var found: [ExerciseDefinitionDraft] {
        let known = catalogue.map {
            ExerciseDefinitionDraft(id: $0.id, name: $0.name, equipment: $0.equipment, muscleGroup: $0.muscleGroup)
        }
        let ids = Set(catalogue.map(\.id))
        // Put into the catalogue when one is chosen: nobody's outbox is to be full of movements that they never do.
        let brought = DemoMovements.all.filter { movement in movement.id.map { !ids.contains($0) } ?? true }
        let wanted = search.trimmingCharacters(in: .whitespaces)
        return (known + brought)
            .filter { wanted.isEmpty || $0.name.localizedCaseInsensitiveContains(wanted) }
            .sorted { $0.name.localizedCompare($1.name) == .orderedAscending }
    }

    /// The movement that the search would be the name of; nothing if there is one of that name.
    public var newName: String? {
        let wanted = search.trimmingCharacters(in: .whitespaces)
        let isKnown = found.contains { $0.name.compare(wanted, options: .caseInsensitive) == .orderedSame }
        return wanted.isEmpty || isKnown ? nil : wanted
    }

    /// What a movement is called.
    public func name(of id: UUID) -> String {
        catalogue.first { $0.id == id }?.name ?? formerNames[id] ?? DemoMovements.all.first { $0.id == id }?.name ?? "Movement"
    }

    /// Reads the catalogue.
    public func load() async {
        await reading.run { [self] in catalogue = try await strength.definitions() }
    }

    /// Reads the catalogue again if it is on a screen.
    func refresh() async { if reading.isLoaded { await load() } }

    /// Learns what movements are called that another device took out of the catalogue.
    func loadNames(of ids: [UUID]) async throws {
        let known = Set(catalogue.map(\.id))
        for id in ids where !known.contains(id) {
            formerNames[id] = try await strength.definition(id: id).name
        }
    }

    /// Makes sure that the catalogue has a movement, and gives its id; nothing if that failed.
    public func choose(_ movement: ExerciseDefinitionDraft) async -> UUID? {
        if let id = movement.id, catalogue.contains(where: { $0.id == id }) { return id }
        var chosen: UUID?
        await changing.run { [self] in
            let defined = try await strength.define(definition: movement)
            if !catalogue.contains(where: { $0.id == defined.id }) { catalogue.append(defined) }
            (chosen, search) = (defined.id, "")
        }
        return chosen
    }
}
