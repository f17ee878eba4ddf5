// swift-tools-version:6.0
import PackageDescription

// What the app's screens show, without the screens: compiled and tested wherever Swift runs. The views in App/ need SwiftUI.
let package = Package(
    name: "SteadfastDemo",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "DemoModels", targets: ["DemoModels"])],
    // Named, since the identity of a package by path is its folder, which each checkout names as it likes.
    dependencies: [.package(name: "Steadfast", path: "..")],
    targets: [
        .target(name: "DemoModels", dependencies: [.product(name: "Steadfast", package: "Steadfast")]),
        .testTarget(name: "DemoModelsTests", dependencies: ["DemoModels"]),
    ],
    swiftLanguageModes: [.v6]
)
