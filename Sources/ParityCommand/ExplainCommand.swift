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
      for guide in MistakeGuide.all { print(guide.name) }
      return
    }
    for name in hypothesis.split(separator: "+").map(String.init) {
      guard let guide = MistakeGuide.named(name) else {
        throw ValidationError("no hypothesis \"\(name)\"; parity explain lists all")
      }
      print(name)
      print("  \(guide.what(name))")
      print("  \(guide.happens)")
      for (framework, text) in guide.mending { print("    \(framework): \(text)") }
    }
  }
}
