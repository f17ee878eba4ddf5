/// What was not as the scenario says, or why the scenario makes no sense.
struct Mismatch: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
