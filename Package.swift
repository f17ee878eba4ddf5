// swift-tools-version:6.0
import Foundation
import PackageDescription

// The Rust library comes in one of three ways:
// - on Linux, where the package is developed and tested: the host's libsteadfast.so that cargo built;
// - on Apple platforms with a local build beside this file: that XCFramework;
// - on Apple platforms otherwise: the XCFramework of the release.

/// Set by the release script, together: the archive's address and what `swift package compute-checksum` says of it. As long as they are
/// placeholders, an Apple build needs a local XCFramework.
let releaseURL = "https://example.invalid/set-by-the-release-script/SteadfastFFI.xcframework.zip"
let releaseChecksum = "0000000000000000000000000000000000000000000000000000000000000000"

/// SwiftPM remembers what this file evaluated to as long as its text and the environment stay: after a local build appeared or went,
/// `swift package purge-cache`, or in Xcode "Reset Package Caches".
let localFramework = "target/apple/SteadfastFFI.xcframework"

let sources = "bindings/swift/Sources"
let tests = "bindings/swift/Tests"

#if os(Linux)
    let libraryDirectory = Context.environment["STEADFAST_LIB_DIR"] ?? Context.packageDirectory + "/target/debug"
    let ffi: Target = .target(
        name: "SteadfastFFI",
        path: "\(sources)/SteadfastFFI",
        publicHeadersPath: "include",
        linkerSettings: [
            // `unsafeFlags` bars a package from being a versioned dependency; on Linux nobody depends on it.
            .unsafeFlags(["-L\(libraryDirectory)", "-Xlinker", "-rpath", "-Xlinker", libraryDirectory]),
            .linkedLibrary("steadfast"),
        ]
    )
#else
    let hasLocalFramework = FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/\(localFramework)")
    let ffi: Target =
        hasLocalFramework
        ? .binaryTarget(name: "SteadfastFFI", path: localFramework)
        : .binaryTarget(name: "SteadfastFFI", url: releaseURL, checksum: releaseChecksum)
#endif

let package = Package(
    name: "Steadfast",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "Steadfast", targets: ["Steadfast"])],
    targets: [
        ffi,
        .target(name: "SteadfastGenerated", dependencies: ["SteadfastFFI"], path: "\(sources)/SteadfastGenerated"),
        .target(
            name: "Steadfast",
            dependencies: ["SteadfastGenerated"],
            path: "\(sources)/Steadfast",
            resources: [.copy("PrivacyInfo.xcprivacy")]
        ),
        .testTarget(name: "SteadfastTests", dependencies: ["Steadfast"], path: "\(tests)/SteadfastTests"),
    ],
    swiftLanguageModes: [.v6]
)

#if os(Linux)
    package.targets += [
        // Programs that the tests start and kill; a phone starts no processes.
        .executableTarget(name: "test-child", dependencies: ["Steadfast"], path: "\(tests)/test-child"),
        // The examples of docs/guide, compiled and run. What an app gets carries no plugin.
        .plugin(name: "GuideExamples", capability: .buildTool(), path: "\(tests)/guide-examples"),
        .testTarget(name: "GuideTests", dependencies: ["Steadfast"], path: "\(tests)/GuideTests", plugins: ["GuideExamples"]),
    ]
#endif
