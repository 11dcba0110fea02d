import ArgumentParser
import ParityReport

struct Parity: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parity",
    abstract: "Says whether a recurrent network computes the same thing in different frameworks.",
    version: Version.current,
    subcommands: [
      ReportCommand.self, CompareCommand.self, InspectCommand.self, ConvertCommand.self, DiagnoseCommand.self,
      ExplainCommand.self, FormulasCommand.self,
    ])
}

@main
enum Main {
  static func main() {
    StandardStreams.prepare()
    let arguments = CommandLineArguments()
    // Before the parser of commands, whose own start takes as long as all of a worker's.
    if arguments.texts == [Worker.argument] { Worker.run() }
    do {
      try arguments.requireKnownFlags()
      var command = try Parity.parseAsRoot(arguments.texts)
      try InputFailure.reported { try command.run() }
    } catch {
      if Interruption.pending != nil {
        let message = (error as? Interrupted)?.message ?? "nothing more was written"
        StandardError.complain("interrupted: \(message)")
        Interruption.finish()
      }
      end(error, arguments)
    }
  }

  /// Says what a command ended with, help included, and exits with its status.
  private static func end(_ error: any Error, _ arguments: CommandLineArguments) -> Never {
    let status = Parity.exitCode(for: error)
    let message = arguments.printable(Parity.fullMessage(for: error))
    guard !message.isEmpty else { Parity.exit(withError: status) }
    if status.isSuccess {
      do { try InputFailure.reported { try StandardOutput.write(message + "\n") } } catch {
        Parity.exit(withError: error)
      }
    } else {
      StandardError.print(message + "\n")
    }
    Parity.exit(withError: status)
  }
}
