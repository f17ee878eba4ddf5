import DemoModels
import Steadfast
import SwiftUI

/// What a person says of a training day: done, how it felt, when it is to be.
struct TrainingDayView: View {
    let program: ProgramModel
    let programDay: ProgramDay
    let settings: DemoSettings
    @State private var date: Date
    @Environment(\.dismiss) private var dismiss

    init(program: ProgramModel, programDay: ProgramDay, settings: DemoSettings) {
        self.program = program
        self.programDay = programDay
        self.settings = settings
        _date = State(initialValue: program.day(programDay).scheduledDate?.dateComponents.date ?? .now)
    }

    private var day: TrainingDay { program.day(programDay) }

    var body: some View {
        NavigationStack {
            Form {
                Section { Text(settings.format.state(day)) }
                if day.isDone { rating } else { completion }
                planning
            }
            .disabled(program.changing.isBusy)
            .navigationTitle(settings.format.day(programDay))
            .navigationBarTitleDisplayMode(.inline)
            .toolbar {
                ToolbarItem(placement: .confirmationAction) {
                    Button("Close") { dismiss() }
                }
            }
        }
        .failureSheet(program.changing)
    }

    private var completion: some View {
        Section("Done, and it was") {
            ForEach(Intensity.allCases, id: \.self) { intensity in
                Button(intensity.name) { Task { await program.complete(programDay, intensity: intensity, now: .now) } }
                    .accessibilityHint("Completes the day")
            }
            Button("Done, without a word on it") { Task { await program.complete(programDay, intensity: nil, now: .now) } }
        }
    }

    private var rating: some View {
        Section("It was") {
            ForEach(Intensity.allCases, id: \.self) { intensity in
                Button(intensity.name, systemImage: day.intensity == intensity ? "checkmark" : "circle") {
                    Task { await program.rate(programDay, intensity) }
                }
                .accessibilityValue(day.intensity == intensity ? "chosen" : "")
            }
            Button("Not done after all", role: .destructive) { Task { await program.uncomplete(programDay) } }
                .accessibilityHint("Takes the completion back; rating and date stay")
        }
    }

    private var planning: some View {
        Section("Date") {
            DatePicker("Date", selection: $date, displayedComponents: .date)
            Button("Plan for this date") { Task { await program.schedule(programDay, on: CivilDate(date)) } }
            if day.scheduledDate != nil {
                Button("Take the date away") { Task { await program.schedule(programDay, on: nil) } }
            }
        }
    }
}
