import ArgumentParser
import HDF5
import ParityReport

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Judges fixtures, step by step.",
    discussion: """
      Exit status: 0 everything matches; 1 something is flagged, or exceeds --atol/--rtol; 2 invalid input; \
      64 wrong command line.
      """)

  @Argument(help: "Fixtures, or folders of them. Without any: the bundled fixtures.", completion: .file())
  var paths: [SystemPath] = []

  @OptionGroup var options: ReportOptions

  func run() throws {
    Interruption.arm()
    try options.report(options.judging.results(of: try FixtureSource.resolve(paths)))
  }
}
