/// Whether the store's files should be open: while the app is on the screen, and while something in the background works with them.
///
/// iOS kills an app that it suspends while a database file is locked (0xDEAD10CC).
struct StorageNeed: Equatable {
    /// True while the app is on the screen or about to be.
    var isInForeground: Bool
    /// Pieces of work in the background that need the store.
    private(set) var work = 0

    init(isInForeground: Bool) {
        self.isInForeground = isInForeground
    }

    var isOpen: Bool { isInForeground || work > 0 }

    mutating func begin() {
        work += 1
    }

    mutating func end() {
        precondition(work > 0, "more ends than beginnings")
        work -= 1
    }
}
