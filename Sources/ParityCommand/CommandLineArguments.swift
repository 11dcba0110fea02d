import ArgumentParser
import HDF5
import ParityReport

/// What the command was called with, whose bytes need not be UTF-8.
struct CommandLineArguments {
  /// Without the program's name; as `SystemPath.init(argument:)` takes them.
  let texts: [String]

  init() {
    texts = (1..<max(1, Int(CommandLine.argc))).compactMap { index in
      CommandLine.unsafeArgv[index].map { SystemPath(cString: $0).argument }
    }
  }

  /// The parser takes `-x.h5` for several flags of one letter, and finds the `h` of help among them.
  func requireKnownFlags() throws {
    for text in texts.prefix(while: { $0 != "--" }) where text.hasPrefix("-") && !text.hasPrefix("--") {
      guard text.count > 2, Double(text) == nil else { continue }
      throw ValidationError("Unknown option '\(text)'; a file of that name comes after --")
    }
  }

  /// A message of the parser, in which arguments may stand, for a terminal or a log.
  func printable(_ message: String) -> String {
    var message = message
    for text in texts {
      let printable = SystemPath(argument: text).description.printable
      if printable != text { message = message.replacing(text, with: printable) }
    }
    return message.split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0).printable }.joined(separator: "\n")
  }
}
