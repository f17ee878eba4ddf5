import DemoModels
import Steadfast
import SwiftUI

/// What was measured: body mass at first, and every other kind.
struct MetricsView: View {
    let metrics: MetricsModel
    let settings: DemoSettings
    @State private var form: EntryFormModel?
    @State private var toDelete: ProgressEntry?

    private var kind: Binding<MetricKind> {
        Binding(get: { metrics.kind }, set: { kind in Task { await metrics.show(kind, now: .now) } })
    }

    var body: some View {
        List {
            Section {
                Picker("Metric", selection: kind) {
                    ForEach(MetricKind.choices, id: \.self) { kind in
                        Text(verbatim: kind.name).tag(kind)
                    }
                }
                if let trend = metrics.trend, !trend.isEmpty {
                    TrendCanvas(trend: trend, format: settings.format)
                        .accessibilityLabel("\(metrics.kind.name), the last 90 days")
                        .accessibilityValue(settings.wording.trend(trend))
                }
            }
            Section { rows }
        }
        .navigationTitle("Metrics")
        .toolbar {
            ToolbarItem(placement: .primaryAction) {
                Button("Add", systemImage: "plus") { form = metrics.newEntry(now: .now) }
                    .accessibilityLabel("Add an entry of \(metrics.kind.name)")
            }
        }
        .task { await metrics.load(now: .now) }
        .refreshable { await metrics.load(now: .now) }
        .sheet(item: $form) { form in
            EntryFormView(form: form)
        }
        .confirmationDialog(
            "Delete this entry?",
            isPresented: Binding(get: { toDelete != nil }, set: { if !$0 { toDelete = nil } }),
            titleVisibility: .visible,
            presenting: toDelete
        ) { entry in
            Button("Delete", role: .destructive) { Task { await metrics.delete(entry) } }
            Button("Keep", role: .cancel) {}
        } message: { entry in
            Text(settings.wording.entry(entry))
        }
        .failureSheet(metrics.changing)
        .failureSheet(metrics.reading)
    }

    @ViewBuilder private var rows: some View {
        if metrics.entries.isEmpty {
            Text("No entries yet.")
                .foregroundStyle(.secondary)
        }
        ForEach(metrics.entries.rows, id: \.id) { entry in
            Button {
                form = metrics.edit(entry)
            } label: {
                EntryRow(entry: entry, format: settings.format)
            }
            .accessibilityLabel(settings.wording.entry(entry))
            .accessibilityHint("Changes the entry")
            .task { await metrics.entries.loadMore(after: entry) }
            .swipeActions {
                Button("Delete", systemImage: "trash", role: .destructive) { toDelete = entry }
            }
        }
        MoreRow(hasMore: metrics.entries.hasMore)
    }
}

/// One entry: as it was entered, and what that is in the base unit.
struct EntryRow: View {
    let entry: ProgressEntry
    let format: Format

    var body: some View {
        VStack(alignment: .leading, spacing: 4) {
            HStack(alignment: .firstTextBaseline) {
                Text(format.quantity(entry.quantity, entry.unit))
                    .font(.headline)
                if let quantitySi = format.quantitySi(entry) {
                    Text(quantitySi)
                        .foregroundStyle(.secondary)
                }
            }
            .monospacedDigit()
            Text(format.dateAndTime(entry.recordedAt, utcOffsetS: entry.utcOffsetS))
                .font(.subheadline)
                .foregroundStyle(.secondary)
            if let notes = entry.notes {
                Text(verbatim: notes)
                    .font(.subheadline)
            }
        }
    }
}
