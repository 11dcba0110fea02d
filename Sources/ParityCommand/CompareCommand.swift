import ArgumentParser
import HDF5
import ParityReport
import RecurrentParity

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract:
      "Judges the references of several fixtures as one case, or holds two weight files against each other.",
    discussion: """
      Layers are paired by name, else by weights, else by their order; of equal reference names the later get a \
      number behind them. Where one of two files is a weight file, it is said whether both hold the same network, \
      parameter by parameter; a fixture is then taken by its --reference. Exit status: 0 everything matches; 1 \
      something is flagged, or exceeds --atol/--rtol, or two networks differ; 2 invalid input; 64 wrong command line.
      """)

  @Argument(help: "Fixtures, or folders of them, at least two; or two weight files.")
  var paths: [SystemPath]

  @OptionGroup var options: ReportOptions

  func run() throws {
    Interruption.arm()
    let sources = try FixtureSource.resolve(paths)
    guard sources.count > 1 else {
      throw InputFailure("compare expects at least two fixtures, found \(sources.count)")
    }
    let comparison = WeightComparison(paths: sources.paths, options: options)
    if sources.count == sources.paths.count, try comparison.isOfWeights() { return try comparison.run() }
    try options.report(options.judging.result(ofAll: sources))
  }
}
