import DemoModels
import SwiftUI

/// The route, drawn from the track; without a map it needs no network and tells nobody where it was.
struct RouteCanvas: View {
    let route: RouteShape
    @ScaledMetric private var dot = 10.0

    var body: some View {
        Canvas { context, size in
            let lines = route.fitted(width: size.width, height: size.height, inset: dot)
            for line in lines {
                context.stroke(
                    Path(through: line),
                    with: .color(.accentColor),
                    style: StrokeStyle(lineWidth: 3, lineCap: .round, lineJoin: .round)
                )
            }
            if let start = lines.first?.first { context.fill(circle(at: start), with: .color(.green)) }
            if let end = lines.last?.last { context.fill(circle(at: end), with: .color(.red)) }
        }
        .frame(minHeight: 220)
        .accessibilityElement()
    }

    private func circle(at point: RouteShape.Point) -> Path {
        Path(ellipseIn: CGRect(x: point.x - dot / 2, y: point.y - dot / 2, width: dot, height: dot))
    }
}

/// The altitude along the way, with its lowest and highest point.
struct ElevationCanvas: View {
    let elevation: ElevationShape
    let format: Format

    var body: some View {
        VStack(alignment: .leading, spacing: 4) {
            Canvas { context, size in
                let curve = elevation.fitted(width: size.width, height: size.height)
                guard let first = curve.first, let last = curve.last else { return }
                var area = Path(through: curve)
                area.addLine(to: CGPoint(x: last.x, y: size.height))
                area.addLine(to: CGPoint(x: first.x, y: size.height))
                area.closeSubpath()
                context.fill(area, with: .color(.accentColor.opacity(0.2)))
                context.stroke(Path(through: curve), with: .color(.accentColor), lineWidth: 2)
            }
            .frame(minHeight: 90)
            HStack {
                Text("\(format.elevation(elevation.lowestM)) to \(format.elevation(elevation.highestM))")
                Spacer()
                Text(format.distance(elevation.lengthM))
            }
            .font(.caption)
            .foregroundStyle(.secondary)
        }
        .accessibilityElement()
    }
}

extension Path {
    /// A line from point to point.
    init(through points: [RouteShape.Point]) {
        self.init()
        addLines(points.map { CGPoint(x: $0.x, y: $0.y) })
    }
}
