import SwiftUI

/// Turns to what comes before and after: weeks, days.
struct TurnRow: View {
    let title: String
    /// `week`: what the buttons turn.
    let noun: String
    let hasPrevious: Bool
    let hasNext: Bool
    let showPrevious: @MainActor () -> Void
    let showNext: @MainActor () -> Void

    var body: some View {
        HStack {
            Button("Previous", systemImage: "chevron.left") { showPrevious() }
                .disabled(!hasPrevious)
                .accessibilityLabel("Previous \(noun)")
            Spacer()
            Text(title)
                .font(.headline)
                .accessibilityAddTraits(.isHeader)
            Spacer()
            Button("Next", systemImage: "chevron.right") { showNext() }
                .disabled(!hasNext)
                .accessibilityLabel("Next \(noun)")
        }
        // Or a tap anywhere in a list's row would press both.
        .buttonStyle(.borderless)
        .labelStyle(.iconOnly)
    }
}

/// Stands at the end of a list while its next page is on its way.
struct MoreRow: View {
    let hasMore: Bool

    var body: some View {
        if hasMore {
            ProgressView()
                .frame(maxWidth: .infinity)
                .accessibilityLabel("Loading more")
        }
    }
}

extension View {
    /// The keyboard for numbers, where there is one: with a minus, which a machine's help needs.
    func numericKeyboard() -> some View {
        #if canImport(UIKit)
            keyboardType(.numbersAndPunctuation)
        #else
            self
        #endif
    }
}
