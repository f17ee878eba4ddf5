import Foundation
import Testing

@testable import Steadfast

/// Records can be kept and sent by an app's own means: a widget's timeline, an app intent, a watch message.
struct CodableTests {
    @Test func recordsComeBackAsTheyWent() async throws {
        let app = try await TestApp()
        let id = try app.start()
        let live = try #require(try app.run(seconds: 400))
        let splits = try app.recorder.splits()
        let activity = try await app.recorder.save(options: SaveOptions(title: "Morning", notes: "wet"))
        try comesBack(live)
        try comesBack(splits)
        try comesBack(activity)
        try comesBack(fix(at: someMorning))
        try comesBack(Event.recording(workoutId: id, state: .paused, unsavedSamples: 3))
        try comesBack(StartOptions(kind: .trailRunning, splitUnit: .mile))
        try comesBack(SteadfastError.storage(code: .full, path: "/x", detail: "y"))
    }

    @Test func aTrackComesBackWithItsUnknownValues() async throws {
        let app = try await TestApp()
        let id = try app.start()
        try app.run(seconds: 50)
        try await app.recorder.save()
        let track = try await app.client.activities().track(id: id, query: TrackQuery())
        #expect(track.timeMs.count == 50 && track.heartRateBpm.allSatisfy(\.isNaN))
        // A binary property list knows NaN; JSON does not and has to be told.
        let list = PropertyListEncoder()
        list.outputFormat = .binary
        let fromList = try PropertyListDecoder().decode(TrackColumns.self, from: list.encode(track))
        #expect(fromList.latitudeDeg == track.latitudeDeg && fromList.heartRateBpm.allSatisfy(\.isNaN))
        #expect(throws: EncodingError.self) { try JSONEncoder().encode(track) }
    }

    @Test func enumerationsListTheirCases() {
        #expect(ActivityKind.allCases.count == 18)
        #expect(FileFormat.allCases.count == 4)
    }

    private func comesBack<Value: Codable & Equatable>(_ value: Value) throws {
        let encoded = try JSONEncoder().encode(value)
        #expect(try JSONDecoder().decode(Value.self, from: encoded) == value)
    }
}
