import Foundation
import Steadfast
import Testing

/// The guide's whole examples, as they stand on the pages (the build takes them from there). That the others compile is the build's own
/// proof.
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

    @Test func aTrainingDayIsStoredAndWaitsForTheServer() async throws {
        let folder = DataFolder(FileManager.default.temporaryDirectory.appendingPathComponent("steadfast-guide-\(UUID().uuidString)"))
        defer { try? FileManager.default.removeItem(at: folder.url) }
        let now = Date()
        // The day, the movement, the log with its exercise and two sets, the weight, the habit.
        #expect(try await trainingDay(in: folder, now: now).pending == 8)

        let client = try await SteadfastClient.open(in: folder)
        let day = ProgramDay(programId: "5x5", week: 1, day: 3)
        #expect(try await client.programs().session(day: day)?.intensity == .perfect)
        let log = try #require(try await client.strength().get(programDay: day))
        #expect(log.exercises.first?.sets.map(\.weight) == Array(repeating: Weight(value: 225, unit: .pound), count: 2))
        let weight = try #require(try await client.metrics().latest(kind: .bodyMass))
        #expect((weight.quantity, weight.quantitySi) == (177.5, 80.512_645_675))
        #expect(try await client.habits().list(query: HabitLogQuery()).logs.map(\.durationMs) == [600_000])
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
