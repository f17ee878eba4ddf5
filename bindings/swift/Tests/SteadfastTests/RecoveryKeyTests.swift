import Foundation
import Testing

@testable import Steadfast

struct RecoveryKeyTests {
    @Test func theFirstStartMakesAKeyAndEveryLaterOneFindsIt() throws {
        let store = MemoryStore()
        let key = try RecoveryKey.load(from: store)
        #expect(key.count == 32)
        #expect(try RecoveryKey.load(from: store) == key)
        #expect(try RecoveryKey.load(from: MemoryStore()) != key)
    }

    @Test func aStoreThatCannotBeReadGetsNoSecondKey() async throws {
        let store = MemoryStore()
        let key = try RecoveryKey.load(from: store)
        store.isLocked.withLock { $0 = true }
        #expect(try await errorCode { _ = try RecoveryKey.load(from: store) } == "storage_locked")
        #expect(store.key.withLock { $0 } == key)
    }

    @Test func aStoreThatCannotBeReadGetsNoFirstKeyEither() async throws {
        // Perhaps there is one: the device was not unlocked since its start.
        let store = MemoryStore()
        store.isLocked.withLock { $0 = true }
        #expect(try await errorCode { _ = try RecoveryKey.load(from: store) } == "storage_locked")
        #expect(store.key.withLock { $0 } == nil)
    }

    @Test func ofTwoStartsAtOnceBothUseTheKeyThatWasKept() throws {
        let other = Data(repeating: 7, count: 32)
        let store = MemoryStore(keptMeanwhile: other)
        #expect(try RecoveryKey.load(from: store) == other)
    }

    @Test func whatIsNoKeyIsLeftAlone() async throws {
        let store = MemoryStore()
        store.key.withLock { $0 = Data("short".utf8) }
        #expect(try await errorCode { _ = try RecoveryKey.load(from: store) } == "recovery_key_wrong")
        #expect(store.key.withLock { $0 } == Data("short".utf8))
    }

    @Test func whatWasRecordedWithTheKeyNeedsIt() async throws {
        let scratch = try Scratch()
        let folder = DataFolder(scratch.url.appendingPathComponent("data"))
        let key = try RecoveryKey.load(from: MemoryStore())
        let client = try await SteadfastClient.open(in: folder, recoveryKey: key)
        _ = try client.recorder().start(options: StartOptions(kind: .running))
        try client.shutdown()

        let without = try await SteadfastClient.open(in: folder)
        let offered = try await without.recorder().recovery()
        #expect(offered.count == 1 && offered[0].problem != nil)
        try without.shutdown()
        let with = try await SteadfastClient.open(in: folder, recoveryKey: key)
        #expect(try await with.recorder().recovery().first?.problem == nil)
        try with.shutdown()
    }
}

private final class MemoryStore: RecoveryKey.Store {
    let key = Locked<Data?>(nil)
    let isLocked = Locked(false)
    private let keptMeanwhile: Data?

    init(keptMeanwhile: Data? = nil) {
        self.keptMeanwhile = keptMeanwhile
    }

    func read() throws -> Data? {
        if isLocked.withLock({ $0 }) {
            throw SteadfastError.storage(code: .locked, path: nil, detail: "")
        }
        return key.withLock { $0 }
    }

    func add(_ new: Data) throws -> Bool {
        key.withLock { kept in
            if let keptMeanwhile { kept = keptMeanwhile }
            guard kept == nil else { return false }
            kept = new
            return true
        }
    }
}
