import Foundation
import Steadfast
import Testing

@testable import DemoModels

private let british = Locale(identifier: "en_GB")
private let kilometres = Wording(Format(unit: .kilometre, locale: british))
private let miles = Wording(Format(unit: .mile, locale: british))

@Suite struct WordingTests {
    @Test func distances() {
        #expect(kilometres.distance(3420) == "3.42 kilometres")
        #expect(kilometres.distance(1000) == "1.00 kilometre")
        #expect(miles.distance(42_195) == "26.21 miles")
        #expect(miles.distance(1609.344) == "1.00 mile")
    }

    @Test(arguments: [
        (0.0, "0 seconds"), (1, "1 second"), (304, "5 minutes, 4 seconds"), (3600, "1 hour"), (3723, "1 hour, 2 minutes, 3 seconds"),
        (7260, "2 hours, 1 minute"),
    ])
    func durationsAreWords(seconds: Double, said: String) { #expect(kilometres.duration(seconds) == said) }

    @Test func pacesSpeedsAndHeights() {
        #expect(kilometres.pace(304) == "5 minutes, 4 seconds per kilometre")
        #expect(miles.pace(300) == "8 minutes, 3 seconds per mile")
        #expect(kilometres.speed(5) == "18.0 kilometres per hour")
        #expect(kilometres.elevation(1) == "1 metre")
        #expect(miles.elevation(100) == "328 feet")
        #expect(miles.elevation(0.3) == "1 foot")
        #expect(kilometres.heartRate(142) == "142 beats per minute")
    }

    @Test func whatIsUnknownIsSaidAsSuch() {
        #expect(kilometres.pace(nil) == "not available")
        #expect(kilometres.speed(nil) == "not available")
        #expect(kilometres.elevation(nil) == "not available")
        #expect(kilometres.heartRate(nil) == "not available")
    }

    @Test func whatIsNotSafeIsSaid() {
        #expect(kilometres.unsaved(0) == nil)
        #expect(kilometres.unsaved(1)?.hasPrefix("1 sample is in memory only.") == true)
        #expect(kilometres.unsaved(1200)?.hasPrefix("1,200 samples are in memory only.") == true)
    }

    @Test func aFullSplitAndTheLastOne() {
        let full = Split(id: UUID(), index: 2, distanceM: 1000, durationS: 304, paceSPerKm: 304, elevationGainM: 12, isFull: true)
        let last = Split(id: UUID(), index: 3, distanceM: 420, durationS: 126, paceSPerKm: 300, elevationGainM: 0, isFull: false)
        #expect(kilometres.split(full) == "Split 2, 5 minutes, 4 seconds, 5 minutes, 4 seconds per kilometre, 12 metres up")
        #expect(kilometres.split(last) == "Last split 3, 0.42 kilometres, 2 minutes, 6 seconds, 5 minutes per kilometre, 0 metres up")
    }

    @Test func everyStateAndPhaseHasWordsOfItsOwn() {
        let states: [RecordingState] = [.recording, .paused, .autoPaused, .stopped]
        let phases: [SavePhase] = [.validating, .activity, .track, .splits, .committing, .clearing]
        #expect(Set(states.map(Wording.state)).count == states.count)
        #expect(Set(phases.map(Wording.phase)).count == phases.count)
    }

    @Test func whatWasLeftForLaterIsCounted() {
        #expect([0, 1, 3].map(Wording.unfinished) == [nil, "1 unfinished workout", "3 unfinished workouts"])
    }

    @Test func everyKindCanBeChosenOnceAndHasANameOfItsOwn() {
        #expect(Set(ActivityKind.choices) == Set(ActivityKind.allCases))
        #expect(ActivityKind.choices.count == ActivityKind.allCases.count)
        #expect(Set(ActivityKind.allCases.map(\.name)).count == ActivityKind.allCases.count)
    }
}
