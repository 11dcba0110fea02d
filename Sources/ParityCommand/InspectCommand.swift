import ArgumentParser
import ParityReport
import RecurrentParity

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Says what fixtures hold, without judging them.",
    discussion: "Exit status: 0 all could be read; 2 invalid input; 64 wrong command line.")

  @Argument(help: "Fixtures, or folders of them.")
  var paths: [String]

  func run() throws {
    try InputFailure.reported {
      var failures = 0
      for (index, source) in try FixtureSource.resolve(paths).enumerated() {
        do {
          let inspection = Inspection(try source.read())
          print(index > 0 ? "\n" + inspection.text() : inspection.text(), terminator: "")
        } catch {
          failures += 1
          StandardError.print("parity: \(error)\n")
        }
      }
      if failures > 0 { throw ExitCode(2) }
    }
  }
}
