import ArgumentParser

/// What the command starts itself by, to have files judged where they can do no harm.
struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Worker.argument, abstract: "Judges files for another process of this program.",
    shouldDisplay: false)

  func run() throws { Worker.run() }
}
