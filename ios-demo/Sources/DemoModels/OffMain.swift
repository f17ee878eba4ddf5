/// Runs a call that waits for the disk off the main actor: a durable pause is a sync of the file, 5 to 20 ms on a phone, and a frame
/// has 8.
nonisolated func offMain<Value: Sendable>(_ work: @Sendable () throws -> Value) async rethrows -> Value { try work() }
