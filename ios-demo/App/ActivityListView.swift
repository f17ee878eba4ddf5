import DemoModels
import Steadfast
import SwiftUI
import UniformTypeIdentifiers

/// The finished workouts, newest first.
struct ActivityListView: View {
    let store: OpenStore
    let settings: DemoSettings
    @State private var picksFile = false
    @State private var refused: Failure?
    @State private var toDelete: Activity?

    private var list: ActivityListModel { store.list }

    var body: some View {
        NavigationStack {
            content
                .navigationTitle("Activities")
                .navigationDestination(for: Activity.self) { activity in
                    ActivityDetailView(detail: store.detail(of: activity, unit: settings.unit), settings: settings)
                }
                .toolbar {
                    ToolbarItem(placement: .primaryAction) {
                        Button("Import", systemImage: "square.and.arrow.down") { picksFile = true }
                            .disabled(list.changing.isBusy)
                            .accessibilityHint("Takes in a GPX, TCX or FIT file")
                    }
                }
        }
        .fileImporter(isPresented: $picksFile, allowedContentTypes: UTType.recordings) { result in
            switch result {
            case .success(let file): Task { await list.importFile(at: file) }
            case .failure(let error): refused = Failure(error)
            }
        }
        .alert("Import", isPresented: Binding(get: { list.imported != nil }, set: { if !$0 { list.dismissImport() } })) {
            Button("OK", role: .cancel) {}
        } message: {
            Text(list.imported ?? "")
        }
        .failureSheet(list.changing)
        .failureSheet(refused, dismiss: { refused = nil })
    }

    @ViewBuilder private var content: some View {
        if let failure = list.pages.reading.attempt.failure, list.activities.isEmpty {
            FailureView(failure: failure, retry: { await list.pages.reload() })
        } else if list.pages.isEmpty && !list.isImporting {
            ContentUnavailableView {
                Label("No activities yet", systemImage: "figure.run")
            } description: {
                Text("Record a workout, or import a file.")
            } actions: {
                Button("Import a file") { picksFile = true }
            }
        } else {
            rows
        }
    }

    private var rows: some View {
        List {
            if list.isImporting {
                HStack {
                    ProgressView("Importing")
                    Spacer()
                    Button("Cancel") { list.cancelImport() }
                        .accessibilityLabel("Cancel the import")
                }
            }
            ForEach(list.activities, id: \.id) { activity in
                NavigationLink(value: activity) {
                    ActivityRow(activity: activity, settings: settings)
                }
                .task { await list.pages.loadMore(after: activity) }
                .swipeActions {
                    Button("Delete", systemImage: "trash", role: .destructive) { toDelete = activity }
                }
            }
            if list.pages.hasMore {
                ProgressView()
                    .frame(maxWidth: .infinity)
                    .accessibilityLabel("Loading more activities")
            }
        }
        .refreshable { await list.pages.reload() }
        .confirmationDialog(
            "Delete this activity?",
            isPresented: Binding(get: { toDelete != nil }, set: { if !$0 { toDelete = nil } }),
            titleVisibility: .visible,
            presenting: toDelete
        ) { activity in
            Button("Delete", role: .destructive) { Task { await list.delete(activity) } }
            Button("Keep", role: .cancel) {}
        } message: { activity in
            Text(settings.wording.activity(activity))
        }
    }
}

/// One workout of the list.
struct ActivityRow: View {
    let activity: Activity
    let settings: DemoSettings

    var body: some View {
        HStack(alignment: .firstTextBaseline, spacing: 12) {
            Image(systemName: activity.kind.symbol)
                .foregroundStyle(.tint)
            VStack(alignment: .leading, spacing: 4) {
                Text(activity.title.isEmpty ? activity.kind.name : activity.title)
                    .font(.headline)
                Text(settings.format.dateAndTime(activity.startedAt, utcOffsetS: activity.utcOffsetS))
                    .font(.subheadline)
                    .foregroundStyle(.secondary)
                Text("\(settings.format.distance(activity.distanceM)), \(settings.format.duration(activity.timerS))")
                    .font(.subheadline)
                    .monospacedDigit()
            }
        }
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(settings.wording.activity(activity))
    }
}

extension UTType {
    /// What can be imported. The core tells the formats apart by content, so that a file with a wrong name is no trouble.
    static var recordings: [UTType] {
        ["gpx", "tcx", "fit"].compactMap { UTType(filenameExtension: $0) } + [.xml, .data]
    }
}
