import DemoModels
import SwiftUI

/// How a metric went, with its lowest and highest day.
struct TrendCanvas: View {
    let trend: TrendShape
    let format: Format

    var body: some View {
        VStack(alignment: .leading, spacing: 4) {
            Canvas { context, size in
                let curve = trend.fitted(width: size.width, height: size.height)
                context.stroke(
                    Path(through: curve),
                    with: .color(.accentColor),
                    style: StrokeStyle(lineWidth: 2, lineCap: .round, lineJoin: .round)
                )
            }
            .frame(minHeight: 90)
            Text("\(format.computed(trend.lowest, trend.unit)) to \(format.computed(trend.highest, trend.unit))")
                .font(.caption)
                .foregroundStyle(.secondary)
        }
        .accessibilityElement()
    }
}
