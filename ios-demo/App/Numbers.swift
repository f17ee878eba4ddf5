import DemoModels
import SwiftUI

/// The one number that is read from afar.
struct TimerText: View {
    let figure: Figure
    @ScaledMetric(relativeTo: .largeTitle) private var size = 72.0

    var body: some View {
        Text(figure.value)
            .font(.system(size: size, weight: .semibold, design: .rounded))
            .monospacedDigit()
            .lineLimit(1)
            .minimumScaleFactor(0.4)
            .frame(maxWidth: .infinity)
            .accessibilityLabel(figure.label)
            .accessibilityValue(figure.spoken)
            .accessibilityAddTraits(.updatesFrequently)
    }
}

/// Numbers side by side; with large text one below the other, since a column is never narrower than its text needs.
struct FigureGrid: View {
    let figures: [Figure]
    @ScaledMetric(relativeTo: .title) private var least = 140.0

    var body: some View {
        LazyVGrid(columns: [GridItem(.adaptive(minimum: least), alignment: .leading)], alignment: .leading, spacing: 20) {
            ForEach(figures) { figure in
                FigureTile(figure: figure)
            }
        }
    }
}

/// One number with its name and unit.
struct FigureTile: View {
    let figure: Figure
    @ScaledMetric(relativeTo: .title) private var size = 34.0

    var body: some View {
        VStack(alignment: .leading, spacing: 2) {
            Text(figure.label)
                .font(.subheadline)
                .foregroundStyle(.secondary)
            HStack(alignment: .firstTextBaseline, spacing: 4) {
                Text(figure.value)
                    .font(.system(size: size, weight: .medium, design: .rounded))
                    .monospacedDigit()
                    .lineLimit(1)
                    .minimumScaleFactor(0.5)
                Text(figure.symbol)
                    .font(.headline)
                    .foregroundStyle(.secondary)
            }
        }
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(figure.label)
        .accessibilityValue(figure.spoken)
    }
}

/// Something that the person should know at once.
struct WarningBar: View {
    let text: String

    var body: some View {
        Label(text, systemImage: "exclamationmark.triangle.fill")
            .font(.subheadline)
            .frame(maxWidth: .infinity, alignment: .leading)
            .padding()
            .background(.yellow.opacity(0.25), in: RoundedRectangle(cornerRadius: 12))
            .accessibilityElement(children: .ignore)
            .accessibilityLabel("Warning")
            .accessibilityValue(text)
    }
}
