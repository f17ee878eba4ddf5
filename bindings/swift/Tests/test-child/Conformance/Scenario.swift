import Foundation

/// A file of `tests/scenarios`; its README says what is in it.
struct Scenario {
    struct Step {
        let verb: String
        let arguments: [String: JSON]
        /// How often it is done.
        let times: Int64
        let binds: String?
        let expect: JSON?
        let error: JSON?
    }

    let steps: [Step]

    init(file: URL) throws {
        guard case .object(var members) = try JSONDecoder().decode(JSON.self, from: Data(contentsOf: file)) else {
            throw Mismatch("no object")
        }
        guard case .text? = members.removeValue(forKey: "rule") else { throw Mismatch("no rule") }
        guard case .array(let steps)? = members.removeValue(forKey: "steps") else { throw Mismatch("no steps") }
        members["fails"] = nil
        if let unknown = members.keys.first { throw Mismatch("unknown member \(unknown)") }
        self.steps = try steps.map(Step.init)
    }

    /// The first kill at or after a step.
    func killAfter(_ from: Int) -> Int? {
        steps[from...].firstIndex { $0.verb == "kill" }
    }
}

extension Scenario.Step {
    init(_ value: JSON) throws {
        guard case .object(var members) = value else { throw Mismatch("a step is an object") }
        guard let verb = members.removeValue(forKey: "do")?.text else { throw Mismatch("a step without `do`") }
        let times = members.removeValue(forKey: "times") ?? .whole(1)
        guard case .whole(let times) = times else { throw Mismatch("`times` is a number") }
        let name = members.removeValue(forKey: "as")
        guard name == nil || name?.text != nil else { throw Mismatch("`as` is a text") }
        let (expect, error) = (members.removeValue(forKey: "expect"), members.removeValue(forKey: "error"))
        self.init(verb: verb, arguments: members, times: times, binds: name?.text, expect: expect, error: error)
    }
}
