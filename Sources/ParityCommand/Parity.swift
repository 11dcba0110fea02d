import ArgumentParser

@main
struct Parity: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parity",
    abstract: "Says whether a recurrent network computes the same thing in different frameworks.",
    version: "0.1.0",
    subcommands: [
      ReportCommand.self, InspectCommand.self, DiagnoseCommand.self, ExplainCommand.self,
      FormulasCommand.self,
    ])
}
