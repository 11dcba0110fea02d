import RecurrentParity

/// Markdown for the summary of a CI job, worst first: a table of the cases, then what was found of each that is flagged.
public struct MarkdownRenderer: ReportRenderer {
  /// A renderer; it has no options.
  public init() {}

  /// GitHub drops the whole summary of a step that is longer than a mebibyte.
  static let mostBytes = 1_000_000
  /// Rows of the table: the others are counted.
  static let mostRows = 500

  public func section(_ entry: CaseReport, _ write: (String) throws -> Void) throws {
    let flagged = entry.checks.filter { $0.verdict != .match || $0.failsBesides }
    guard !flagged.isEmpty else { return }
    var lines = [
      "", "### \(symbol(Verdict(entry.verdict))) \(entry.case.printableMarkdownCode) · \(entry.verdict)", "",
    ]
    lines.append(entry.file.printableMarkdownCode)
    for group in CheckGroup.groups(flagged) {
      lines += ["", "**\(group.title.printableMarkdown)** · \(group.verdict.rawValue)", ""]
      lines += group.says.map { "- \($0.trimmed.printableMarkdown)" }
      lines += group.departures.prefix(CheckGroup.most).map { "- \($0.printableMarkdown)" }
      let rest = group.departures.count - CheckGroup.most
      if rest > 0 { lines.append("- \(rest) more places") }
    }
    try write(lines.joined(separator: "\n") + "\n")
  }

  public func frame(_ cases: [CaseSummary]) -> ReportFrame {
    let order = cases.worstFirst
    var frame = ReportFrame(beginning: beginning(cases, order: order))
    frame.order = order
    frame.limit = ReportLimit(bytes: Self.mostBytes) { leftOut in
      let flagged = leftOut.count { cases[$0].verdict != .match }
      return flagged == 0
        ? "" : "\n*\(flagged) more flagged \(flagged == 1 ? "case does" : "cases do") not fit here.*\n"
    }
    return frame
  }

  private func beginning(_ cases: [CaseSummary], order: [Int]) -> String {
    let worst = cases.map(\.verdict).worst
    var lines = ["## \(symbol(worst)) Parity: \(worst.rawValue)", "", cases.tallyText, ""]
    let headlines = order.flatMap { cases[$0].headlines }
    lines += headlines.prefix(20).map { "- \($0.printableMarkdown)" }
    if !headlines.isEmpty { lines.append("") }
    let titles = CaseSummary.columns.map(\.title)
    lines.append("| \(titles.joined(separator: " | ")) |")
    lines.append("|" + CaseSummary.columns.map { $0.alignment == .left ? " :-- |" : " --: |" }.joined())
    for index in order.prefix(Self.mostRows) {
      let row = cases[index].row.enumerated().map { column, text in
        titles[column] == "case" || titles[column] == "references"
          ? text.shortened(to: 80).printableMarkdownCode : text
      }
      lines.append("| \(symbol(cases[index].verdict)) \(row.joined(separator: " | ")) |")
    }
    let rest = order.dropFirst(Self.mostRows)
    if !rest.isEmpty {
      let flagged = rest.count { cases[$0].verdict != .match }
      lines += [
        "",
        "and \(rest.count) more cases, \(flagged == 0 ? "all of which match" : "\(flagged) of them flagged")",
      ]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func symbol(_ verdict: Verdict) -> String {
    switch verdict {
    case .match: "✅"
    case .inconclusive, .drift: "⚠️"
    case .differs, .mismatch, .invalid: "❌"
    }
  }
}

/// Checks of one group of which the same is said.
struct CheckGroup {
  /// Of departures: they differ by nothing but the place.
  static let most = 8

  var group: String?
  var names: [String]
  var verdict: Verdict
  var says: [String]
  var departures: [String]

  /// In the order of their first checks.
  static func groups(_ checks: [Check]) -> [CheckGroup] {
    var groups: [CheckGroup] = []
    for check in checks {
      let departure = [check.departure].compactMap { $0 }
      let index = groups.firstIndex {
        $0.group == check.group && $0.verdict == check.verdict && $0.says == check.says
      }
      if let index, !check.says.isEmpty {
        groups[index].names.append(check.name)
        groups[index].departures += departure.map { "\(check.name): \($0)" }
      } else {
        groups.append(
          CheckGroup(
            group: check.group, names: [check.name], verdict: check.verdict, says: check.says,
            departures: departure))
      }
    }
    return groups
  }

  /// "keras, layer 1 (rnn_1), forward", "keras, 4 places"
  var title: String {
    let place = names.count <= 3 ? names.joined(separator: "; ") : "\(names.count) places"
    return (([group].compactMap { $0 }) + [place]).joined(separator: ", ")
  }
}

extension String {
  fileprivate var trimmed: String { String(drop { $0 == " " }) }
}
