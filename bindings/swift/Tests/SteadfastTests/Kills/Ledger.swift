import Foundation

/// What was acknowledged, and where each workout may be: from the child's own words.
struct Ledger {
    enum Phase: Equatable {
        /// Being recorded, or offered again.
        case open
        case saved
        case discarded
        /// It died in a save: in the store, or offered.
        case maybeSaved
        /// It died in a discard: gone, or offered.
        case maybeDiscarded
    }

    struct Workout {
        var phase = Phase.open
        /// Samples and readings that were acknowledged.
        var acknowledged: UInt64 = 0
        /// Times of the fixes that must be in the track.
        var must: Set<Int64> = []
        /// Times of all that was handed over, acknowledged or not.
        var offered: Set<Int64> = []
    }

    private(set) var workouts: [UUID: Workout] = [:]
    /// A start was under way: one more workout may turn up.
    private(set) var maybeStarted = false
    private(set) var latestMs: Int64
    private(set) var problems: [String] = []

    var acknowledged: UInt64 { workouts.values.reduce(0) { $0 + $1.acknowledged } }

    init(startMs: Int64) {
        latestMs = startMs
    }

    mutating func hear(_ lines: [String]) {
        var underWay: (verb: String, id: UUID?)?
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            let id = words.count > 2 ? UUID(uuidString: words[2]) : nil
            switch words[0] {
            case "do":
                underWay = (words[1], id)
                continue
            case "did":
                did(words[1], id)
            case "offer":
                handedOver(UUID(uuidString: words[1]), first: Int64(words[2]) ?? 0, count: Int64(words[3]) ?? 0)
            case "ack":
                acknowledge(words)
            case "refused":
                break
            case "opened", "closed":
                break
            default:
                problems.append("the child said: \(line)")
            }
            underWay = nil
        }
        if let underWay { diedIn(underWay.verb, underWay.id) }
    }

    private mutating func did(_ verb: String, _ id: UUID?) {
        guard let id else { return }
        switch verb {
        case "start": workouts[id] = Workout()
        case "save": workouts[id]?.phase = .saved
        case "discard": workouts[id]?.phase = .discarded
        default: workouts[id]?.phase = .open
        }
    }

    private mutating func diedIn(_ verb: String, _ id: UUID?) {
        switch verb {
        case "start": maybeStarted = true
        case "save": id.map { workouts[$0]?.phase = .maybeSaved }
        case "discard": id.map { workouts[$0]?.phase = .maybeDiscarded }
        default: break
        }
    }

    private mutating func handedOver(_ id: UUID?, first: Int64, count: Int64) {
        let times = (0..<count).map { first + $0 * 1000 }
        id.map { workouts[$0]?.offered.formUnion(times) }
        latestMs = max(latestMs, first + count * 1000)
    }

    /// `ack ID must|may FIRST_MS COUNT UNSAVED`
    private mutating func acknowledge(_ words: [String]) {
        guard words.count == 6, let id = UUID(uuidString: words[1]), let first = Int64(words[3]), let count = Int64(words[4]) else {
            return problems.append("no acknowledgement: \(words)")
        }
        guard words[5] == "0" else {
            return problems.append("\(id): \(words[5]) unsaved samples on a disk that works")
        }
        workouts[id]?.acknowledged += UInt64(count)
        if words[2] == "must" {
            workouts[id]?.must.formUnion((0..<count).map { first + $0 * 1000 })
        }
    }

    /// A workout whose start was not acknowledged turned up.
    mutating func adopt(_ id: UUID) -> Bool {
        guard workouts[id] == nil else { return true }
        guard maybeStarted else { return false }
        workouts[id] = Workout()
        maybeStarted = false
        return true
    }

    /// No start is in doubt any more.
    mutating func settleStarts() {
        maybeStarted = false
    }

    mutating func settle(_ id: UUID, as phase: Phase) {
        workouts[id]?.phase = phase
    }
}
