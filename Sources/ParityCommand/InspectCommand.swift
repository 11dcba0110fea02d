import ArgumentParser
import HDF5
import ParityReport
import RecurrentParity

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Says what fixtures hold, without judging them.",
    discussion: "Exit status: 0 all could be read; 2 invalid input; 64 wrong command line.")

  @Argument(help: "Fixtures, or folders of them.", completion: .file())
  var paths: [SystemPath]

  @OptionGroup var workers: WorkerOptions

  func run() throws {
    Interruption.arm()
    let sources = try FixtureSource.resolve(paths)
    let answers = try WorkerPool(limits: workers.limits).answers(to: sources.paths.map { [$0] }, .inspect)
    var texts: [[StoredText]] = []
    var failures: [String] = []
    for answer in sources.merged(answers) {
      switch answer {
      case .told(_, let parts): texts.append(parts)
      case .refused(let error): failures.append("\(error)")
      }
    }
    try StandardOutput.write(Array(texts.joined(separator: [StoredText("\n")])))
    for failure in failures { StandardError.complain(failure) }
    if !failures.isEmpty { throw ExitCode(2) }
  }
}
