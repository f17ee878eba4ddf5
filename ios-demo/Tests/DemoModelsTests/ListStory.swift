import Foundation
import Steadfast
import Testing

@testable import DemoModels

extension Stories {
    @MainActor @Suite struct ListStory {
        /// A run of so many seconds as a GPX file, written by the library itself.
        private func file(seconds: Int, day: Int, in scratch: Scratch) async throws -> URL {
            let runner = try await Runner(at: Date(timeIntervalSince1970: 1_780_315_200 + Double(day) * 86_400))
            try await runner.finishRun(seconds: seconds)
            let activity = try #require(await runner.store.record.save())
            let detail = runner.store.detail(of: activity, unit: .kilometre)
            try FileManager.default.createDirectory(at: scratch.url, withIntermediateDirectories: true)
            await detail.export(.gpx, into: scratch.url)
            let written = try #require(detail.exported)
            #expect(written.lastPathComponent == "2026-06-0\(day + 1) Running.gpx")
            return written
        }

        @Test func itIsEmptyAtFirstAndSaysSoOnlyWhenItKnows() async throws {
            let runner = try await Runner()
            #expect(!runner.store.list.pages.reading.isLoaded)
            await runner.store.list.pages.reload()
            #expect(runner.store.list.pages.isEmpty && !runner.store.list.pages.hasMore)
        }

        @Test func filesAreTakenInOnceAndPagesFollowOneAnother() async throws {
            let files = Scratch()
            let runner = try await Runner()
            let list = ActivityListModel(client: runner.client, pageSize: 2)
            for day in 0..<5 { await list.importFile(at: try await file(seconds: 20, day: day, in: files)) }
            #expect(list.imported == "1 activity imported.")
            await list.importFile(at: files.url.appendingPathComponent("2026-06-01 Running.gpx"))
            #expect(list.imported == "1 was here already.")

            let fresh = ActivityListModel(client: runner.client, pageSize: 2)
            await fresh.pages.reload()
            #expect(fresh.activities.count == 2 && fresh.pages.hasMore)
            await fresh.pages.loadMore(after: fresh.activities[0])
            #expect(fresh.activities.count == 2, "only the last row asks for more")
            await fresh.pages.loadMore(after: fresh.activities[1])
            await fresh.pages.loadMore(after: fresh.activities[3])
            #expect(fresh.activities.count == 5 && !fresh.pages.hasMore)
            #expect(fresh.activities.map(\.startedAt) == fresh.activities.map(\.startedAt).sorted(by: >))

            await fresh.delete(fresh.activities[4])
            await fresh.pages.reload()
            #expect(fresh.activities.count == 4)
        }

        @Test func aFileThatIsNoRecordingIsRefusedWithAReason() async throws {
            let files = Scratch()
            let runner = try await Runner()
            let list = runner.store.list
            try FileManager.default.createDirectory(at: files.url, withIntermediateDirectories: true)
            let file = files.url.appendingPathComponent("shopping.gpx")
            try Data("bread, milk".utf8).write(to: file)
            await list.importFile(at: file)
            #expect(list.changing.failure?.code == "unknown_format")
            #expect(list.changing.failure?.suggestion == "Export the recording as GPX, TCX or FIT; for earlier data, update the app.")
            await list.importFile(at: files.url.appendingPathComponent("nowhere.gpx"))
            #expect(list.changing.failure?.code == "file_not_found")
            #expect(list.imported == nil)
        }

        @Test func whatIsGoneMeanwhileIsSaid() async throws {
            let runner = try await Runner()
            try await runner.finishRun(seconds: 20)
            let activity = try #require(await runner.store.record.save())
            let detail = runner.store.detail(of: activity, unit: .kilometre)
            await runner.store.list.delete(activity)
            await detail.load()
            #expect(detail.attempt.failure?.code == "not_found")
            #expect(await !detail.edit(title: "Too late", notes: "", kind: .running))
            #expect(!detail.isDeleted)
        }
    }
}
