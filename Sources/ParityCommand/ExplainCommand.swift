import ArgumentParser
import ParityReport
import RecurrentParity

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Says what a hypothesis means, how it happens, and how to mend it.",
    discussion: "Without a name: lists all hypotheses.")

  @Argument(help: "A hypothesis as a report names it, such as bias-hh-ignored or gate-order:zrn.")
  var hypothesis: String?

  func run() throws {
    guard let hypothesis else {
      return try StandardOutput.write(MistakeGuide.all.map { $0.name + "\n" }.joined())
    }
    var lines: [String] = []
    for name in hypothesis.split(separator: "+").map(String.init) {
      guard let guide = MistakeGuide.named(name) else {
        throw ValidationError("no hypothesis \"\(name)\"; parity explain lists all")
      }
      lines += [name, "  \(guide.what(name))", "  \(guide.happens)"]
      lines += guide.mending.map { "    \($0): \($1)" }
    }
    try StandardOutput.write(lines.joined(separator: "\n") + "\n")
  }
}
