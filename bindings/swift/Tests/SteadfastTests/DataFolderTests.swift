import Foundation
import Testing

@testable import Steadfast

struct DataFolderTests {
    @Test func onlyTheCopyGoesIntoTheDevicesBackup() async throws {
        let scratch = try Scratch()
        let folder = DataFolder(scratch.url.appendingPathComponent("deep/data"))
        let client = try await SteadfastClient.open(in: folder)
        _ = try client.recorder().start(options: StartOptions(kind: .running))
        _ = try await client.maintenance().backUp()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        #expect(names.count > 3)
        #expect(names.filter(DataFolder.goesIntoBackup) == ["backup.db"])
        try client.shutdown()
    }

    @Test func whatOnlyLooksLikeTheCopyStaysOut() {
        for name in ["backups", "backup.db-wal", "steadfast.db", "recovery"] {
            #expect(!DataFolder.goesIntoBackup(name), "\(name)")
        }
    }

    @Test func aFolderThatIsThereIsLeftAsItIs() throws {
        let scratch = try Scratch()
        let folder = DataFolder(scratch.url)
        try Data("x".utf8).write(to: scratch.url.appendingPathComponent("steadfast.db"))
        try folder.prepare()
        #expect(try Data(contentsOf: scratch.url.appendingPathComponent("steadfast.db")) == Data("x".utf8))
    }

    @Test func onARestoredDeviceTheStoreComesBackFromItsCopy() async throws {
        let scratch = try Scratch()
        let old = try await TestApp(in: scratch)
        let id = try old.start()
        try old.run(seconds: 30)
        try await old.recorder.save()
        _ = try await old.client.maintenance().backUp()
        try old.client.shutdown()

        let folder = DataFolder(scratch.url.appendingPathComponent("restored"))
        try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
        let copy = URL(fileURLWithPath: scratch.config.dataDir).appendingPathComponent("backup.db")
        try FileManager.default.copyItem(at: copy, to: folder.url.appendingPathComponent("backup.db"))
        for _ in 0..<2 {
            let client = try await SteadfastClient.open(in: folder)
            #expect(try await client.activities().list(query: ActivityQuery()).activities.map(\.id) == [id])
            try client.shutdown()
        }
    }

    @Test func applicationSupportIsTheAppsOwn() throws {
        #expect(try DataFolder.applicationSupport(named: "Probe").url.lastPathComponent == "Probe")
    }

    @Test func theBootHasOneNameForAsLongAsItLasts() throws {
        let name = try #require(BootID.current)
        #expect(UUID(uuidString: name) != nil && BootID.current == name)
        #expect(BootID.named(" \n") == nil)
    }
}
