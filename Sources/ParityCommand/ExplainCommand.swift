import ArgumentParser
import ParityReport
import RecurrentParity

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Says what a hypothesis means, how it happens, and how to mend it.",
    discussion: "Without a name: lists all hypotheses, each as a report may have it.")

  @Argument(help: "A hypothesis as a report names it, such as bias-hh-ignored or gate-order:zrn.")
  var hypothesis: String?

  func run() throws {
    guard let hypothesis else { return try StandardOutput.write(list) }
    var lines: [String] = []
    for name in hypothesis.split(separator: "+").map(String.init) {
      guard let guide = MistakeGuide.named(name) else {
        throw ValidationError("no hypothesis \"\(name)\"; parity explain lists all")
      }
      let isExample = name == guide.name && guide.exampleName != name
      lines += [isExample ? "\(name), such as \(guide.exampleName)" : name, "  \(guide.what(name))"]
      lines += ["  \(guide.happens)"] + guide.mending.map { "    \($0): \($1)" }
    }
    try StandardOutput.write(lines.joined(separator: "\n") + "\n")
  }

  /// A line each: a name, and what the run did.
  private var list: String {
    let guides = MistakeGuide.all
    let width = guides.map(\.exampleName.count).max() ?? 0
    return guides.map { guide in
      let gap = String(repeating: " ", count: width - guide.exampleName.count + 2)
      return "\(guide.exampleName)\(gap)\(guide.exampleOfWhat)\n"
    }.joined()
  }
}
