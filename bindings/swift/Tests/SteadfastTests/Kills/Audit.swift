import Foundation

@testable import Steadfast

/// Opens what a killed app left as its next start would, and holds it against the ledger.
struct Audit {
    private(set) var lost: UInt64 = 0
    private(set) var problems: [String] = []

    mutating func note(_ problem: String) {
        problems.append(problem)
    }

    /// - Parameter finishing: Also saves everything that is offered, every other workout by resuming it first.
    mutating func run(on config: Config, at nowMs: Int64, against ledger: inout Ledger, finishing: Bool) async throws {
        let clock = ManualClock(time: Date(timeIntervalSince1970: Double(nowMs) / 1000))
        let client = try await SteadfastClient.openWithClock(config: config, listener: nil, clock: clock)
        let offered = try await client.recorder().recovery() + client.recorder().backups()
        let stored = try await storedIds(client)
        everyWorkoutIsInItsOnePlace(offered, stored, &ledger)
        for info in offered {
            let expected = ledger.workouts[info.id]?.acknowledged ?? 0
            if info.sampleCount < expected {
                lost += expected - info.sampleCount
                problems.append("\(info.id): \(expected) acknowledged, \(info.sampleCount) recovered")
            }
            if info.problem != nil || info.badRecords != 0 || info.missingRecords != 0 {
                problems.append("\(info.id) is damaged: \(info)")
            }
        }
        if finishing {
            for (nth, info) in offered.enumerated() {
                clock.advance(ms: 60_000)
                try await takeUp(info.id, resuming: nth.isMultiple(of: 2), client, &ledger)
            }
        }
        for (id, workout) in ledger.workouts where workout.phase == .saved {
            try await everyAcknowledgedFixIsInTheTrackOnce(id, workout, client)
        }
        let report = try await client.maintenance().checkIntegrity()
        if !report.ok { problems.append("integrity: \(report.findings)") }
        try client.shutdown()
    }

    private func storedIds(_ client: SteadfastClient) async throws -> Set<UUID> {
        var ids: [UUID] = []
        var after: String?
        repeat {
            let page = try await client.activities().list(query: ActivityQuery(after: after))
            ids += page.activities.map(\.id)
            after = page.next
        } while after != nil
        return Set(ids)
    }

    private mutating func everyWorkoutIsInItsOnePlace(_ offered: [RecoveryInfo], _ stored: Set<UUID>, _ ledger: inout Ledger) {
        let offeredIds = Set(offered.map(\.id))
        if offeredIds.count != offered.count { problems.append("a workout is offered twice") }
        for id in offeredIds.union(stored) where !ledger.adopt(id) {
            problems.append("\(id) turned up and nobody started it")
        }
        ledger.settleStarts()
        for (id, workout) in ledger.workouts {
            switch (workout.phase, offeredIds.contains(id), stored.contains(id)) {
            case (.open, true, false), (.saved, false, true), (.discarded, false, false): break
            case (.maybeSaved, true, false), (.maybeDiscarded, true, false): ledger.settle(id, as: .open)
            case (.maybeSaved, false, true): ledger.settle(id, as: .saved)
            case (.maybeDiscarded, false, false): ledger.settle(id, as: .discarded)
            case (let phase, let isOffered, let isStored):
                if !isOffered && !isStored { lost += workout.acknowledged }
                problems.append("\(id) is \(phase), but offered: \(isOffered), stored: \(isStored)")
            }
        }
    }

    private mutating func everyAcknowledgedFixIsInTheTrackOnce(
        _ id: UUID,
        _ workout: Ledger.Workout,
        _ client: SteadfastClient
    ) async throws {
        let times = try await client.activities().track(id: id, query: TrackQuery()).timeMs
        let distinct = Set(times)
        if distinct.count != times.count { problems.append("\(id): a sample is there twice") }
        if let stranger = distinct.subtracting(workout.offered).first {
            problems.append("\(id): nobody handed over the sample of \(stranger)")
        }
        let missing = workout.must.subtracting(distinct)
        if !missing.isEmpty {
            lost += UInt64(missing.count)
            problems.append("\(id): \(missing.count) of \(workout.must.count) fixes are not in the track, first \(missing.min() ?? 0)")
        }
    }

    /// What the person does with an interrupted workout; one that is too short to save is thrown away.
    private func takeUp(_ id: UUID, resuming: Bool, _ client: SteadfastClient, _ ledger: inout Ledger) async throws {
        let recorder = client.recorder()
        do {
            if resuming {
                try recorder.resumeRecovered(id: id)
                try await recorder.save()
            } else {
                try await recorder.saveRecovered(id: id)
            }
            ledger.settle(id, as: .saved)
        } catch SteadfastError.validation {
            try resuming ? recorder.discard() : recorder.discardRecovered(id: id)
            ledger.settle(id, as: .discarded)
        }
    }
}
