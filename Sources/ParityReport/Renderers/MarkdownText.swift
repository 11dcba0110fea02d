extension String {
  /// For running text of a Markdown document, as GitHub and GitLab read it: what is printable, with nothing that marks
  /// text up, makes a link, or is HTML.
  var printableMarkdown: String {
    printable.reduce(into: "") { text, character in
      switch character {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\\", "`", "*", "_", "{", "}", "[", "]", "#", "|", "~", "$", ":", "!": text += "\\\(character)"
      // The links that are made of bare text begin so, or with a scheme.
      case "." where text.hasSuffix("www"): text += "\\."
      default: text.append(character)
      }
    }
  }

  /// For the same as code, also in a table: nothing in it is read as anything.
  var printableMarkdownCode: String {
    let text = printable.replacing("|", with: "\\|")
    let fence = String(repeating: "`", count: longestRunOfBackticks + 1)
    let needsRoom = text.isEmpty || text.hasPrefix("`") || text.hasSuffix("`")
    return needsRoom ? "\(fence) \(text) \(fence)" : fence + text + fence
  }

  private var longestRunOfBackticks: Int {
    split(omittingEmptySubsequences: true) { $0 != "`" }.map(\.count).max() ?? 0
  }
}
