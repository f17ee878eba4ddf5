// The processes that tests start, look at from outside, and kill.
import Foundation

let arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.first {
case "record":
    await RecordingApp.run(Array(arguments.dropFirst()))
case "rounds":
    await Rounds.run(Array(arguments.dropFirst()))
case "scenario":
    await ScenarioApp.run(Array(arguments.dropFirst()))
default:
    say("usage: test-child record | rounds | scenario …")
    exit(2)
}
