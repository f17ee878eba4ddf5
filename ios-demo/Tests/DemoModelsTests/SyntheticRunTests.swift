import Foundation
import Steadfast
import Testing

@testable import DemoModels

@Suite struct SyntheticRunTests {
    private let run = SyntheticRun()
    private let start = Date(timeIntervalSince1970: 1_780_315_200)

    @Test func aRoundIsAboutThreeKilometresAndEndsWhereItBegan() {
        #expect((2900...3500).contains(run.roundM))
        #expect(abs(run.altitude(atDistance: 0) - run.altitude(atDistance: run.roundM)) < 0.01)
    }

    @Test func noStepIsFasterThanARunner() {
        let shape = run.fixes(seconds: 1300, from: start)
        for (one, next) in zip(shape, shape.dropFirst()) {
            let north = (next.latitudeDeg - one.latitudeDeg) * 111_195
            let east = (next.longitudeDeg - one.longitudeDeg) * 111_195 * cos(one.latitudeDeg * .pi / 180)
            #expect((2.0...3.5).contains(hypot(north, east)))
        }
    }

    @Test func theHeartBeatsAsARunnersDoes() {
        #expect((0..<1300).allSatisfy { (90...190).contains(run.heartRateBpm(atSecond: Double($0))) })
        #expect(run.heartRateBpm(atSecond: 600) > run.heartRateBpm(atSecond: 0))
    }

    @Test func itIsTheSameEveryTime() {
        #expect(SyntheticRun().fixes(seconds: 100, from: start) == run.fixes(seconds: 100, from: start))
    }
}
