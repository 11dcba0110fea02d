import ArgumentParser
import HDF5
import ParityReport
import RecurrentParity

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Says what fixtures and weight files hold, without judging them.",
    discussion: """
      Weight files are Keras's .h5 and .weights.h5, and .safetensors of PyTorch, Flax or MLX; what they do not say \
      of a network is told. Exit status: 0 all could be read; 2 invalid input; 64 wrong command line.
      """)

  @Argument(help: "Fixtures, weight files, or folders with *.h5.")
  var paths: [SystemPath]

  @Option(help: "terminal or json.")
  var format = TextFormat.terminal

  @OptionGroup var workers: WorkerOptions

  func run() throws {
    Interruption.arm()
    let sources = try FixtureSource.resolve(paths)
    let answers = try WorkerPool(limits: workers.limits).answers(
      to: sources.paths.map { [$0] }, .inspect(format))
    var texts: [[StoredText]] = []
    var failures: [String] = []
    for answer in sources.merged(answers) {
      switch answer {
      case .told(_, let parts): texts.append(parts)
      case .refused(let error): failures.append("\(error)")
      }
    }
    switch format {
    case .terminal: try StandardOutput.write(Array(texts.joined(separator: [StoredText("\n")])))
    case .json:
      let list = Array(texts.joined(separator: [StoredText(",\n")]))
      try StandardOutput.write([StoredText("{\"files\": [\n")] + list + [StoredText("\n]}\n")])
    }
    for failure in failures { StandardError.complain(failure) }
    if !failures.isEmpty { throw ExitCode(2) }
  }
}

extension TextFormat: ExpressibleByArgument {}
