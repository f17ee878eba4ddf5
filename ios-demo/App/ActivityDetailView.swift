import DemoModels
import Steadfast
import SwiftUI

/// One finished workout: route, hills, numbers, splits, laps.
struct ActivityDetailView: View {
    @State var detail: ActivityDetailModel
    let settings: DemoSettings
    @State private var isEditing = false
    @State private var asksToDelete = false
    @Environment(\.dismiss) private var dismiss

    var body: some View {
        List {
            Section { pictures }
            Section("Totals") { FigureGrid(figures: settings.figures.totals(detail.activity)) }
            if !detail.activity.notes.isEmpty {
                Section("Notes") { Text(verbatim: detail.activity.notes) }
            }
            Section("Splits") { SplitTable(detail: detail, settings: settings) }
            if detail.laps.count > 1 {
                Section("Laps") { LapTable(laps: detail.laps, settings: settings) }
            }
            Section("File") { ExportRows(detail: detail) }
            Section {
                Button("Delete activity", role: .destructive) { asksToDelete = true }
                    .disabled(detail.attempt.isBusy)
                    .accessibilityHint("Asks before anything is removed")
            }
        }
        .navigationTitle(Text(verbatim: title))
        .navigationBarTitleDisplayMode(.inline)
        .toolbar {
            ToolbarItem(placement: .primaryAction) {
                Button("Edit") { isEditing = true }
                    .disabled(detail.attempt.isBusy)
            }
        }
        .task { await detail.load() }
        .sheet(isPresented: $isEditing) { EditView(detail: detail) }
        .confirmationDialog("Delete this activity?", isPresented: $asksToDelete, titleVisibility: .visible) {
            Button("Delete", role: .destructive) { Task { await detail.delete() } }
            Button("Keep", role: .cancel) {}
        } message: {
            Text("It is deleted with its track, on every device.")
        }
        .onChange(of: detail.isDeleted) { _, isDeleted in
            if isDeleted { dismiss() }
        }
        .failureSheet(isEditing ? nil : detail.attempt)
    }

    private var title: String { detail.activity.title.isEmpty ? detail.activity.kind.name : detail.activity.title }

    @ViewBuilder private var pictures: some View {
        if let route = detail.route, let elevation = detail.elevation {
            if route.isEmpty {
                Text("No route: this workout has no positions.")
                    .foregroundStyle(.secondary)
            } else {
                RouteCanvas(route: route)
                    .accessibilityLabel("Map")
                    .accessibilityValue(settings.wording.route(detail.activity))
            }
            if !elevation.isEmpty {
                ElevationCanvas(elevation: elevation, format: settings.format)
                    .accessibilityLabel("Elevation")
                    .accessibilityValue(
                        settings.wording.elevationProfile(
                            lowestM: elevation.lowestM,
                            highestM: elevation.highestM,
                            gainM: detail.activity.elevationGainM
                        )
                    )
            }
        } else {
            ProgressView("Reading the track")
                .frame(maxWidth: .infinity)
        }
    }
}

/// Writes the activity to a file and hands it on.
struct ExportRows: View {
    let detail: ActivityDetailModel

    var body: some View {
        Menu("Export") {
            ForEach(FileFormat.written, id: \.self) { format in
                Button(format.name) { Task { await detail.export(format) } }
            }
        }
        .disabled(detail.attempt.isBusy)
        .accessibilityHint("Writes the activity to a file that can be shared")
        if let file = detail.exported {
            ShareLink(item: file)
                .accessibilityLabel("Share \(file.lastPathComponent)")
        }
    }
}
