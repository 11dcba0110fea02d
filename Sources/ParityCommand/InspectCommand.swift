import ArgumentParser
import HDF5
import ParityReport
import RecurrentParity

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Says what fixtures hold, without judging them.",
    discussion: "Exit status: 0 all could be read; 2 invalid input; 64 wrong command line.")

  @Argument(help: "Fixtures, or folders of them.")
  var paths: [SystemPath]

  func run() throws {
    CrashRecovery.arm()
    var texts: [String] = []
    var failures: [String] = []
    for source in try FixtureSource.resolve(paths) {
      do { texts.append(Inspection(try source.read()).text()) } catch {
        failures.append("\(error)")
      }
    }
    try StandardOutput.write(texts.joined(separator: "\n"))
    for failure in failures { StandardError.complain(failure) }
    if !failures.isEmpty { throw ExitCode(2) }
  }
}
