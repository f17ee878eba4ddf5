import DemoModels
import Steadfast
import SwiftUI

/// What the server has yet to hear.
struct OutboxView: View {
    let outbox: OutboxModel
    let format: Format
    @State private var toDiscard: OutboxEvent?

    var body: some View {
        NavigationStack {
            List {
                if outbox.reading.isLoaded {
                    Section {
                        Text(explanation)
                        if !outbox.isEmpty { counts }
                    }
                }
                section("Refused", outbox.dead)
                section("Being sent", outbox.processing)
                section("Tried again", outbox.failed)
                section("Waiting", outbox.pending)
            }
            .navigationTitle("Outbox")
            .refreshable { await outbox.reload() }
        }
        .task { await outbox.reload() }
        .confirmationDialog(
            "Discard this change?",
            isPresented: Binding(get: { toDiscard != nil }, set: { if !$0 { toDiscard = nil } }),
            titleVisibility: .visible,
            presenting: toDiscard
        ) { event in
            Button("Discard", role: .destructive) { Task { await outbox.discard(event) } }
            Button("Keep", role: .cancel) {}
        } message: { event in
            let words = ChangeWords(event, format)
            Text("\(words.title). \(words.loss)")
        }
        .failureSheet(outbox.changing)
        .failureSheet(outbox.reading.attempt)
    }

    private var explanation: String {
        outbox.isEmpty
            ? "Everything is on this phone. Nothing waits."
            : "Everything is on this phone. No server is set up in this demo: changes wait here until there is one."
    }

    @ViewBuilder private var counts: some View {
        LabeledContent("Waiting", value: format.count(outbox.waiting))
        LabeledContent("Being sent", value: format.count(outbox.sending))
        LabeledContent("Refused", value: format.count(outbox.refused))
    }

    @ViewBuilder private func section(_ title: String, _ changes: OutboxModel.Changes) -> some View {
        if !changes.rows.isEmpty {
            Section {
                ForEach(changes.rows, id: \.seq) { event in
                    ChangeRow(words: ChangeWords(event, format), now: .now)
                        .task { await changes.loadMore(after: event) }
                        .swipeActions {
                            discard(event)
                            retry(event)
                        }
                    // What needs the person is in sight; the others go by themselves.
                    if event.status == .dead {
                        retry(event)
                        discard(event)
                    }
                }
                MoreRow(hasMore: changes.hasMore)
            } header: {
                Text(title)
            }
        }
    }

    /// Nothing for what is about to be sent anyway.
    @ViewBuilder private func retry(_ event: OutboxEvent) -> some View {
        if event.status == .dead || event.status == .failed {
            Button("Retry", systemImage: "arrow.clockwise") { Task { await outbox.retry(event) } }
                .disabled(outbox.changing.isBusy)
                .accessibilityLabel("Send again: \(ChangeWords(event, format).title)")
        }
    }

    /// Nothing for what is on its way: the server may have it already.
    @ViewBuilder private func discard(_ event: OutboxEvent) -> some View {
        if event.status != .processing {
            Button("Discard", systemImage: "trash", role: .destructive) { toDiscard = event }
                .disabled(outbox.changing.isBusy)
                .accessibilityLabel("Discard: \(ChangeWords(event, format).title)")
                .accessibilityHint("Asks before anything is given up")
        }
    }
}

/// One change: what, how old, and what is wrong with it.
struct ChangeRow: View {
    let words: ChangeWords
    let now: Date

    var body: some View {
        VStack(alignment: .leading, spacing: 4) {
            Text(words.title)
                .font(.headline)
            Text("\(words.age(now: now)). \(words.status).")
                .font(.subheadline)
                .foregroundStyle(.secondary)
            if let reason = words.reason {
                Label(reason, systemImage: "exclamationmark.triangle")
                    .font(.subheadline)
            }
            if let advice = words.advice {
                Text(advice)
                    .font(.subheadline)
            }
        }
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(words.spoken(now: now))
    }
}
