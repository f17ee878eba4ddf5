import Foundation
import Steadfast
import Testing

@testable import DemoModels

@Suite struct NumberTextTests {
    private let english = NumberText(Locale(identifier: "en_US"))
    private let german = NumberText(Locale(identifier: "de_DE"))

    @Test func theLocaleDecidesTheSeparator() {
        #expect(english.value("177.5") == 177.5 && german.value("177,5") == 177.5)
        #expect(english.value(" -5 ") == -5)
        #expect(german.value("177.5").isNaN, "that would be 1775 to some and 177 and a half to others")
        #expect(english.value("1,000").isNaN)
    }

    @Test(arguments: ["abc", "", "80 kg", "0x10", "inf", "nan", "1.2.3", "--5"]) func whatIsNoNumberIsNone(text: String) {
        #expect(english.value(text).isNaN)
    }

    @Test(arguments: [0.1, 80, 177.5, -12.25, 1_000_000, 0.000_012, 80.512_645_675]) func whatIsShownIsReadBack(number: Double) {
        #expect(english.value(english.text(number)) == number)
        #expect(german.value(german.text(number)) == number)
    }

    @Test func aWholeNumberIsWhole() throws {
        #expect(english.text(80) == "80")
        #expect(try english.whole("5", field: "reps") as UInt32? == 5)
        #expect(try english.whole("  ", field: "reps") as UInt32? == nil)
        #expect(throws: SteadfastError.self) { try english.whole("5.5", field: "reps") as UInt32? }
        #expect(throws: SteadfastError.self) { try english.whole("-1", field: "reps") as UInt32? }
    }
}
