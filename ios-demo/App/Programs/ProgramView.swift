import DemoModels
import Steadfast
import SwiftUI

/// A program: how far it is, and a week of its days.
struct ProgramView: View {
    let program: ProgramModel
    let settings: DemoSettings
    @State private var chosen: TrainingDay?

    var body: some View {
        List {
            Section { progress }
            Section {
                TurnRow(
                    title: "Week \(program.week)",
                    noun: "week",
                    hasPrevious: program.hasPreviousWeek,
                    hasNext: program.hasNextWeek,
                    showPrevious: { program.showPreviousWeek() },
                    showNext: { program.showNextWeek() }
                )
                ForEach(program.days) { day in
                    Button {
                        chosen = day
                    } label: {
                        TrainingDayRow(day: day, format: settings.format)
                    }
                    .accessibilityLabel(settings.wording.trainingDay(day))
                    .accessibilityHint("Completes, rates or plans the day")
                }
            }
        }
        .navigationTitle("Programs")
        .task { await program.load() }
        .refreshable { await program.load() }
        .sheet(item: $chosen) { day in
            TrainingDayView(program: program, programDay: day.programDay, settings: settings)
        }
        .failureSheet(program.reading.attempt)
    }

    private var progress: some View {
        ProgressView(value: Double(program.completed), total: Double(program.total)) {
            HStack {
                Text(program.program.name)
                    .font(.headline)
                Spacer()
                Text("\(program.completed) of \(program.total)")
                    .monospacedDigit()
            }
        }
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(program.program.name)
        .accessibilityValue(Wording.progress(completed: program.completed, total: program.total))
    }
}

/// One training day of the week.
struct TrainingDayRow: View {
    let day: TrainingDay
    let format: Format

    var body: some View {
        HStack {
            VStack(alignment: .leading, spacing: 4) {
                Text("Day \(day.programDay.day)")
                    .font(.headline)
                Text(format.state(day))
                    .font(.subheadline)
                    .foregroundStyle(.secondary)
            }
            Spacer()
            Image(systemName: day.isDone ? "checkmark.circle.fill" : "circle")
                .foregroundStyle(.tint)
        }
    }
}
