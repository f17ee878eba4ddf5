import SwiftUI

#if canImport(UIKit)
    import UIKit
#endif

/// Leads to the app's page in the system's settings, where the permission can be given.
struct OpenSettingsButton: View {
    @Environment(\.openURL) private var openURL

    var body: some View {
        #if canImport(UIKit)
            Button("Open settings") {
                if let url = URL(string: UIApplication.openSettingsURLString) { openURL(url) }
            }
            .accessibilityHint("Location can be allowed there")
        #endif
    }
}
