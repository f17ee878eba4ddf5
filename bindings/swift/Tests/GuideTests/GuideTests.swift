import Foundation
import Steadfast
import Testing

/// The guide's first example, as it stands on the page (the build takes it from there). That the others compile is the build's own proof.
struct GuideTests {
    @Test func tenLinesRecordARunThatIsStored() async throws {
        let folder = DataFolder(FileManager.default.temporaryDirectory.appendingPathComponent("steadfast-guide-\(UUID().uuidString)"))
        defer { try? FileManager.default.removeItem(at: folder.url) }
        let recorded = try await recordRun(in: folder, fixes: aMinuteNorth())
        #expect(recorded.title == "Morning run")
        #expect(abs(recorded.distanceM - 177) < 5, "\(recorded.distanceM) m")

        let client = try await SteadfastClient.open(in: folder)
        let stored = try await client.activities().get(id: recorded.id)
        #expect(stored == recorded)
        #expect(try await client.activities().track(id: stored.id, query: TrackQuery()).timeMs.count == 60)
        #expect(try await client.recorder().recovery().isEmpty)
    }

    /// A fix a second at 3 m/s, a minute of them, delivered one by one.
    private func aMinuteNorth() -> AsyncStream<[LocationSample]> {
        // After the recording's start, however long the machine takes to open the store.
        let start = Date().addingTimeInterval(60)
        let fixes = (0..<60).map { second in
            LocationSample(
                time: start.addingTimeInterval(Double(second + 1)),
                latitudeDeg: 47 + 3 * Double(second) / 111_200,
                longitudeDeg: 8,
                horizontalAccuracyM: 5
            )
        }
        return AsyncStream { continuation in
            fixes.forEach { continuation.yield([$0]) }
            continuation.finish()
        }
    }
}
