import DemoModels
import Steadfast
import SwiftUI

/// The workout logs: of this week's training days, and all of them, newest first.
struct StrengthView: View {
    let strength: StrengthModel
    let program: ProgramModel
    let settings: DemoSettings

    private var history: Pages<WorkoutLogSummary, String> { strength.history }

    var body: some View {
        List {
            Section {
                TurnRow(
                    title: "\(program.program.name), week \(program.week)",
                    noun: "week",
                    hasPrevious: program.hasPreviousWeek,
                    hasNext: program.hasNextWeek,
                    showPrevious: { program.showPreviousWeek() },
                    showNext: { program.showNextWeek() }
                )
                ForEach(program.days) { day in
                    NavigationLink(value: day.programDay) {
                        Text("Day \(day.programDay.day)")
                    }
                    .accessibilityLabel("Log of \(settings.format.day(day.programDay))")
                }
            }
            Section("All logs") {
                if history.isEmpty {
                    Text("Nothing yet. Choose a day above to log its sets.")
                        .foregroundStyle(.secondary)
                }
                ForEach(history.rows, id: \.id) { log in
                    NavigationLink(value: log.programDay) {
                        WorkoutLogRow(log: log, settings: settings)
                    }
                    .task { await history.loadMore(after: log) }
                }
                MoreRow(hasMore: history.hasMore)
            }
        }
        .navigationTitle("Strength")
        .task {
            await program.load()
            await history.reload()
        }
        .refreshable { await history.reload() }
        .failureSheet(history.reading.attempt)
    }
}

/// One log of the list.
struct WorkoutLogRow: View {
    let log: WorkoutLogSummary
    let settings: DemoSettings

    var body: some View {
        VStack(alignment: .leading, spacing: 4) {
            Text(settings.format.day(log.programDay))
                .font(.headline)
            if let startedAt = log.startedAt {
                Text(settings.format.dateAndTime(startedAt, utcOffsetS: log.utcOffsetS))
                    .font(.subheadline)
                    .foregroundStyle(.secondary)
            }
            Text(settings.format.totals(log))
                .font(.subheadline)
                .monospacedDigit()
        }
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(settings.wording.workoutLog(log))
    }
}
