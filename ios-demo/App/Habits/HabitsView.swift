import DemoModels
import Steadfast
import SwiftUI

/// A day's entries of habits.
struct HabitsView: View {
    let habits: HabitsModel
    let settings: DemoSettings
    @State private var form: HabitFormModel?
    @State private var toDelete: HabitLog?

    var body: some View {
        List {
            Section {
                TurnRow(
                    title: habits.isToday ? "Today" : habits.day.map(settings.format.date) ?? "",
                    noun: "day",
                    hasPrevious: habits.day != nil,
                    hasNext: !habits.isToday,
                    showPrevious: { Task { await habits.showPreviousDay() } },
                    showNext: { Task { await habits.showNextDay() } }
                )
            }
            Section { rows }
        }
        .navigationTitle("Habits")
        .toolbar {
            ToolbarItem(placement: .primaryAction) {
                Button("Add", systemImage: "plus") { form = habits.newLog(now: .now) }
                    .accessibilityLabel("Add an entry")
            }
        }
        .task { await habits.load(now: .now) }
        .refreshable { await habits.load(now: .now) }
        .sheet(item: $form) { form in
            HabitFormView(form: form)
        }
        .confirmationDialog(
            "Delete this entry?",
            isPresented: Binding(get: { toDelete != nil }, set: { if !$0 { toDelete = nil } }),
            titleVisibility: .visible,
            presenting: toDelete
        ) { log in
            Button("Delete", role: .destructive) { Task { await habits.delete(log) } }
            Button("Keep", role: .cancel) {}
        } message: { log in
            Text(settings.wording.habit(log))
        }
        .failureSheet(habits.changing)
        .failureSheet(habits.reading.attempt)
    }

    @ViewBuilder private var rows: some View {
        if habits.reading.isLoaded, habits.logs.isEmpty {
            Text("Nothing on this day.")
                .foregroundStyle(.secondary)
        }
        ForEach(habits.logs, id: \.id) { log in
            Button {
                form = habits.edit(log)
            } label: {
                HabitRow(log: log, format: settings.format)
            }
            .accessibilityLabel(settings.wording.habit(log))
            .accessibilityHint("Changes the entry")
            .swipeActions {
                Button("Delete", systemImage: "trash", role: .destructive) { toDelete = log }
            }
        }
    }
}

/// One entry.
struct HabitRow: View {
    let log: HabitLog
    let format: Format

    var body: some View {
        HStack(alignment: .firstTextBaseline, spacing: 12) {
            Text(format.time(log.startedAt, utcOffsetS: log.utcOffsetS))
                .monospacedDigit()
            VStack(alignment: .leading, spacing: 4) {
                Text(verbatim: log.kind)
                    .font(.headline)
                Text(verbatim: format.details(log))
                    .font(.subheadline)
                    .foregroundStyle(.secondary)
            }
        }
    }
}
