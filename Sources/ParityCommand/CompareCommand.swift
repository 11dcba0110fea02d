import ArgumentParser
import HDF5
import ParityReport
import RecurrentParity

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Judges the references of several fixtures as one case.",
    discussion: """
      Layers are paired by name, else by weights, else by their order; of equal reference names the later get a \
      number behind them. Exit status: 0 everything matches; 1 something is flagged, or exceeds --atol/--rtol; \
      2 invalid input; 64 wrong command line.
      """)

  @Argument(help: "Fixtures, or folders of them; at least two.", completion: .file())
  var paths: [SystemPath]

  @OptionGroup var options: ReportOptions

  func run() throws {
    Interruption.arm()
    let sources = try FixtureSource.resolve(paths)
    guard sources.count > 1 else {
      throw InputFailure("compare expects at least two fixtures, found \(sources.count)")
    }
    try options.report(options.judging.result(ofAll: sources))
  }
}
