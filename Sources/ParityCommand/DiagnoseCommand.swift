import ArgumentParser
import HDF5
import ParityReport
import RecurrentParity

struct DiagnoseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diagnose",
    abstract: "Says why a reference does not match, and what to change.",
    discussion: "Exit status: 0 nothing is flagged; 1 something is; 2 invalid input; 64 wrong command line.")

  @Argument(help: "Fixtures, or folders of them.", completion: .file())
  var paths: [SystemPath]

  @OptionGroup var selection: Selection

  @OptionGroup var workers: WorkerOptions

  func run() throws {
    Interruption.arm()
    let judging = Judging(
      options: selection.options(runsFreely: false, measuresGrowth: true), limits: workers.limits,
      formats: [.diagnosis])
    let results = try selection.selected(judging.results(of: try FixtureSource.resolve(paths)))
    try ReportDestination(nil, .terminal).write(
      results.map(\.summary), results.flatMap(\.texts), by: DiagnosisRenderer())
    switch results.map(\.summary.verdict).worst {
    case .match: break
    case .invalid: throw ExitCode(2)
    case .inconclusive, .drift, .differs, .mismatch: throw ExitCode(1)
    }
  }
}
