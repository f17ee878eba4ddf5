import DemoModels
import Steadfast
import SwiftUI

/// The numbers of the workout in progress, readable at arm's length.
struct LiveView: View {
    let record: RecordModel
    let settings: DemoSettings
    let statistics: LiveStatistics
    let isReplay: Bool
    @Environment(\.scenePhase) private var scenePhase

    var body: some View {
        ScrollView {
            VStack(spacing: 20) {
                StateBadge(state: statistics.state)
                if let warning = settings.wording.unsaved(statistics.unsavedSamples) {
                    WarningBar(text: warning)
                }
                if let failure = record.positionFailure {
                    PositionFailureView(failure: failure)
                }
                TimerText(figure: settings.figures.duration("Time", statistics.timerS))
                FigureGrid(figures: settings.figures.live(statistics))
                if isReplay { ReplayNotice() }
                LapTable(laps: record.laps.filter { !$0.isOpen }, settings: settings)
            }
            .padding()
        }
        .safeAreaInset(edge: .bottom) {
            LiveControls(record: record, state: statistics.state)
        }
        .navigationTitle(Text(verbatim: statistics.kind.name))
        .task(id: scenePhase) {
            // Behind a locked screen nobody reads the timer.
            if scenePhase == .active { await record.keepTime() }
        }
    }
}

/// Pause or go on, lap, finish.
struct LiveControls: View {
    let record: RecordModel
    let state: RecordingState

    var body: some View {
        // With large text one below the other.
        ViewThatFits(in: .horizontal) {
            HStack(spacing: 12) { controls }
            VStack(spacing: 12) { controls }
        }
        .disabled(record.attempt.isBusy)
        .padding()
        .background(.bar)
    }

    @ViewBuilder private var controls: some View {
        if state == .recording {
            control("Pause", symbol: "pause.fill", hint: "The timer stops") { await record.pause() }
        } else {
            control("Resume", symbol: "play.fill", hint: "The timer goes on") { await record.resume() }
        }
        control("Lap", symbol: "flag.fill", hint: "Ends this lap and begins the next") { await record.lap() }
        control("Finish", symbol: "stop.fill", hint: "Saving comes next; you can still go on") { await record.finish() }
            .tint(.red)
    }

    private func control(
        _ title: String,
        symbol: String,
        hint: String,
        action: @escaping @MainActor () async -> Void
    ) -> some View {
        Button {
            Task { await action() }
        } label: {
            Label(title, systemImage: symbol)
                .labelStyle(.titleAndIcon)
                .font(.headline)
                .lineLimit(1)
                .frame(maxWidth: .infinity)
        }
        .buttonStyle(.bordered)
        .controlSize(.large)
        .accessibilityHint(hint)
    }
}

/// What the recording is doing, in a word and a colour.
struct StateBadge: View {
    let state: RecordingState

    var body: some View {
        Label(Wording.state(state), systemImage: symbol)
            .font(.headline)
            .foregroundStyle(colour)
            .accessibilityElement(children: .ignore)
            .accessibilityLabel("State")
            .accessibilityValue(Wording.state(state))
            .accessibilityAddTraits(.updatesFrequently)
    }

    private var symbol: String {
        switch state {
        case .recording: "record.circle.fill"
        case .paused, .autoPaused: "pause.circle.fill"
        case .stopped: "stop.circle.fill"
        }
    }

    private var colour: Color {
        switch state {
        case .recording: .red
        case .paused, .autoPaused: .orange
        case .stopped: .secondary
        }
    }
}

/// Why no good positions arrive. The workout goes on without them, and takes them up again by itself.
struct PositionFailureView: View {
    let failure: Failure

    var body: some View {
        VStack(alignment: .leading, spacing: 8) {
            Label(failure.summary, systemImage: "location.slash")
                .font(.headline)
            Text(failure.suggestion)
                .font(.subheadline)
            OpenSettingsButton()
        }
        .frame(maxWidth: .infinity, alignment: .leading)
        .padding()
        .background(.orange.opacity(0.15), in: RoundedRectangle(cornerRadius: 12))
    }
}
