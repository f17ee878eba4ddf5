import Foundation
import PackagePlugin

/// Takes the Swift examples out of the pages of docs/guide before the tests are built, so that what is compiled and run is what stands there.
@main
struct GuideExamples: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let guide = context.package.directoryURL.appending(path: "docs/guide")
        let files = try FileManager.default.contentsOfDirectory(at: guide, includingPropertiesForKeys: nil)
        let examples = context.pluginWorkDirectoryURL.appending(path: "Guide.swift")
        return [
            .buildCommand(
                displayName: "Taking the examples out of docs/guide",
                executable: URL(fileURLWithPath: "/bin/sh"),
                arguments: [guide.appending(path: "extract.sh").path, "swift", examples.path],
                inputFiles: files,
                outputFiles: [examples]
            )
        ]
    }
}
