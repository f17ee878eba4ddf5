import Foundation
import Observation
import Testing

@testable import Steadfast

@MainActor
struct ObservableRecorderTests {
    @Test func itShowsThePresentStateAtOnceAndLaterEveryChange() async throws {
        let app = try await TestApp()
        try app.start()
        try app.run(seconds: 10)
        let observed = ObservableRecorder(app.client)
        #expect(observed.state == .recording)
        #expect(observed.statistics?.distanceM == app.recorder.live()?.distanceM)

        try app.recorder.pause()
        #expect(await eventually { observed.state == .paused })
        try app.recorder.resume()
        try app.run(seconds: 10)
        #expect(await eventually { observed.statistics?.acknowledgedSamples == 20 })
        try await app.recorder.save()
        #expect(await eventually { observed.statistics == nil })
        #expect(observed.isLive)
    }

    @Test func aViewThatReadsTheStatisticsIsToldOfTheirChange() async throws {
        let app = try await TestApp()
        let observed = ObservableRecorder(app.client)
        let isTold = Locked(false)
        withObservationTracking {
            _ = observed.statistics
        } onChange: {
            isTold.withLock { $0 = true }
        }
        try app.start()
        #expect(await eventually { isTold.withLock { $0 } })
    }

    @Test func itEndsWithTheClient() async throws {
        let app = try await TestApp()
        try app.start()
        let observed = ObservableRecorder(app.client)
        try app.client.shutdown()
        #expect(await eventually { !observed.isLive })
        #expect(observed.statistics == nil)
    }

    @Test func letGoItStopsObserving() async throws {
        let app = try await TestApp()
        let subscription = app.recorder.observe()
        weak var observed: ObservableRecorder?
        do {
            let own = ObservableRecorder(app.client, subscription: subscription)
            observed = own
            #expect(await eventually { own.isLive })
        }
        #expect(observed == nil)
        // Ended by the deinitialiser, not by a change or by the client.
        #expect(await subscription.next() == nil)
    }

    @Test func itKeepsNoStoreOpen() async throws {
        let scratch = try Scratch()
        var client: SteadfastClient? = try await SteadfastClient.open(scratch.config)
        let observed = ObservableRecorder(try #require(client))
        client = nil
        try await SteadfastClient.open(scratch.config).shutdown()
        #expect(await eventually { !observed.isLive })
    }
}
