import DemoModels
import Steadfast
import SwiftUI

/// The splits, by kilometre or mile.
struct SplitTable: View {
    let detail: ActivityDetailModel
    let settings: DemoSettings

    var body: some View {
        Picker("Split length", selection: unit) {
            Text("Kilometres").tag(SplitUnit.kilometre)
            Text("Miles").tag(SplitUnit.mile)
        }
        .pickerStyle(.segmented)
        ForEach(detail.splits, id: \.id) { split in
            TableRow(
                name: split.isFull ? "\(split.index)" : format.distance(split.distanceM),
                columns: [format.duration(split.durationS), format.pace(split.paceSPerKm), format.elevation(split.elevationGainM)],
                spoken: Wording(format).split(split)
            )
        }
    }

    private var unit: Binding<SplitUnit> {
        Binding(get: { detail.unit }, set: { unit in Task { await detail.show(unit) } })
    }

    /// A mile's split is told in miles, whatever the rest of the app shows.
    private var format: Format { Format(unit: detail.unit) }
}

/// The laps that the person marked.
struct LapTable: View {
    let laps: [Lap]
    let settings: DemoSettings

    var body: some View {
        ForEach(laps, id: \.id) { lap in
            TableRow(
                name: "Lap \(lap.index)",
                columns: [
                    settings.format.distance(lap.distanceM), settings.format.duration(lap.durationS), settings.format.pace(lap.paceSPerKm),
                ],
                spoken: settings.wording.lap(lap)
            )
        }
    }
}

/// A row of numbers; with large text one below the other.
struct TableRow: View {
    let name: String
    let columns: [String]
    let spoken: String

    var body: some View {
        ViewThatFits(in: .horizontal) {
            HStack {
                Text(verbatim: name).frame(maxWidth: .infinity, alignment: .leading)
                numbers
            }
            VStack(alignment: .leading) {
                Text(verbatim: name).bold()
                numbers
            }
        }
        .monospacedDigit()
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(spoken)
    }

    private var numbers: some View {
        ForEach(Array(columns.enumerated()), id: \.offset) { _, column in
            Text(verbatim: column)
                .lineLimit(1)
                .frame(maxWidth: .infinity, alignment: .trailing)
        }
    }
}
