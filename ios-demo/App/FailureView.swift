import DemoModels
import Steadfast
import SwiftUI

/// An error: what happened, why, what to do; and the way to try again if that can help.
struct FailureView: View {
    let failure: Failure
    var retry: (@MainActor () async -> Void)?
    var dismiss: (@MainActor () -> Void)?

    var body: some View {
        ScrollView {
            VStack(spacing: 16) {
                Image(systemName: symbol)
                    .font(.largeTitle)
                    .foregroundStyle(colour)
                    .accessibilityLabel(Wording.severity(failure.severity))
                Text(failure.summary)
                    .font(.title2.bold())
                    .multilineTextAlignment(.center)
                    .accessibilityAddTraits(.isHeader)
                Text(failure.reason)
                    .multilineTextAlignment(.center)
                Text(failure.suggestion)
                    .multilineTextAlignment(.center)
                    .foregroundStyle(.secondary)
                if failure.isRetryable, let retry {
                    Button("Try again") { Task { await retry() } }
                        .buttonStyle(.borderedProminent)
                }
                if let dismiss {
                    Button("OK") { dismiss() }
                        .buttonStyle(.bordered)
                }
                details
            }
            .frame(maxWidth: .infinity)
            .padding()
        }
    }

    private var details: some View {
        VStack(spacing: 4) {
            Text(verbatim: failure.code)
            if let field = failure.field { Text(verbatim: field) }
            if let path = failure.path { Text(verbatim: path) }
        }
        .font(.caption.monospaced())
        .foregroundStyle(.secondary)
        .textSelection(.enabled)
        .accessibilityElement(children: .combine)
        .accessibilityLabel("For a support request: \(failure.code)")
    }

    private var symbol: String {
        switch failure.severity {
        case .warning: "info.circle"
        case .error: "exclamationmark.triangle"
        case .critical: "exclamationmark.octagon.fill"
        }
    }

    private var colour: Color {
        switch failure.severity {
        case .warning: .secondary
        case .error: .orange
        case .critical: .red
        }
    }
}

/// An error beside what was typed: it stays on the screen while the person corrects that.
struct FailureSection: View {
    let failure: Failure?

    var body: some View {
        if let failure {
            Section {
                VStack(alignment: .leading, spacing: 4) {
                    Label(failure.summary, systemImage: "exclamationmark.triangle")
                        .foregroundStyle(.red)
                    Text(failure.reason)
                    Text(failure.suggestion)
                        .foregroundStyle(.secondary)
                }
                .accessibilityElement(children: .combine)
            }
        }
    }
}

extension View {
    /// Shows a failure over this view until it is dismissed.
    func failureSheet(
        _ failure: Failure?,
        retry: (@MainActor () async -> Void)? = nil,
        dismiss: @escaping @MainActor () -> Void
    ) -> some View {
        sheet(item: Binding(get: { failure }, set: { if $0 == nil { dismiss() } })) { failure in
            FailureView(failure: failure, retry: retry, dismiss: dismiss)
                .presentationDetents([.medium, .large])
        }
    }

    /// Shows the failure of an attempt, and the way to repeat it. Nothing while another view shows it.
    func failureSheet(_ attempt: Attempt?) -> some View {
        failureSheet(attempt?.failure, retry: { await attempt?.retry() }, dismiss: { attempt?.dismiss() })
    }
}
