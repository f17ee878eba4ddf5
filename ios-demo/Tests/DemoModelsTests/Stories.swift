import Testing

/// What a person does with the app, from the first tap to the last. One story at a time: they share the main actor, as the screens do, and
/// a story that waits for a moment of another's would be none.
@MainActor @Suite(.serialized) enum Stories {}
