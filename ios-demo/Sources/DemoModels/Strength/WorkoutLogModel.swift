import Foundation
import Observation
import Steadfast

/// The strength work of one training day: typed, saved, thrown away.
@MainActor @Observable public final class WorkoutLogModel {
    public let programDay: ProgramDay
    /// What is on the screen.
    public var form: WorkoutLogForm
    /// The log as it was read or saved last; nothing if the day has none.
    public private(set) var log: WorkoutLog?
    /// True once it is deleted, so that the screen closes.
    public private(set) var isDeleted = false
    public let reading = Reading()
    /// Saves and deletes.
    public let changing = Attempt()

    private let strength: Strength
    private let movements: MovementsModel
    private let unit: WeightUnit
    private let numbers: NumberText
    /// The form of `log`.
    private var kept: WorkoutLogForm

    init(client: SteadfastClient, movements: MovementsModel, programDay: ProgramDay, unit: WeightUnit, locale: Locale) {
        strength = client.strength()
        self.movements = movements
        self.programDay = programDay
        self.unit = unit
        numbers = NumberText(locale)
        let empty = WorkoutLogForm(nil, numbers: numbers)
        kept = empty
        form = empty
    }

    /// True if something was typed that is not saved.
    public var isEdited: Bool { form != kept }

    /// The set for which the last save was refused; nothing if it was not.
    public var refusedSet: UUID? { changing.failure?.field.flatMap { form.set(ofField: $0)?.id } }

    /// What an exercise is called.
    public func name(of exercise: WorkoutLogForm.ExerciseRow) -> String { movements.name(of: exercise.definitionId) }

    /// Reads the log. What the person typed meanwhile stays.
    public func load() async {
        await movements.load()
        await reading.run { [self] in
            let read = try await strength.get(programDay: programDay)
            try await movements.loadNames(of: read?.exercises.map(\.definitionId) ?? [])
            show(read, over: kept)
        }
    }

    /// Reads the log again if it is on the screen.
    func refresh() async { if reading.isLoaded { await load() } }

    /// Adds an exercise at the end.
    public func addExercise(_ definitionId: UUID) { form.addExercise(definitionId, unit: unit) }

    /// Adds a set to an exercise.
    public func addSet(to exercise: WorkoutLogForm.ExerciseRow) { form.addSet(to: exercise.id, unit: unit) }

    /// Saves what is on the screen; a log that was never saved starts now. True if it was done, and what was typed stays if not.
    @discardableResult public func save(now: Date, in zone: TimeZone = .current) async -> Bool {
        await changing.run { [self] in
            let sent = form
            let isStarted = log?.startedAt != nil
            let draft = try sent.draft(
                of: programDay,
                startedAt: log?.startedAt ?? now,
                utcOffsetS: isStarted ? log?.utcOffsetS : Int32(zone.secondsFromGMT(for: now)),
                numbers: numbers
            )
            show(try await strength.save(draft: draft), over: sent)
        }
    }

    /// Throws away what was typed.
    public func revert() {
        form = kept
        changing.dismiss()
    }

    /// Deletes the log.
    public func delete() async {
        await changing.run { [self] in
            try await strength.delete(programDay: programDay)
            show(nil, over: form)
            isDeleted = true
        }
    }

    /// Takes a log as the one that is stored, and shows it unless the person typed on in the meantime.
    private func show(_ read: WorkoutLog?, over before: WorkoutLogForm) {
        let isUntouched = form == before
        log = read
        kept = WorkoutLogForm(read, numbers: numbers)
        if isUntouched { form = kept }
    }
}
