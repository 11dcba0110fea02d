import Recurrent
import RecurrentConventions
import RecurrentParity

/// The conventions as they are implemented, and what was found of the statements about them: for a person.
public enum FormulaSheet {
  public static func text(_ checks: [FormulaCheck]) -> String {
    var lines: [String] = []
    for kind in CellKind.allCases {
      for convention in Convention.allCases {
        let sheet = ConventionSheet(convention, kind)
        lines.append("\(kind.rawValue), \(convention.rawValue)")
        lines += block("", sheet.formula)
        if kind != .rnn { lines.append("  gate order  \(sheet.gateOrder)") }
        lines += block("  weights     ", sheet.weights)
        lines += block("  biases      ", sheet.biases + sheet.biasSums)
        lines.append("")
      }
    }
    var table = TextTable([
      ("holds", .left), ("statement", .left), ("is", .left), ("r/ρ", .right), ("one step differs by", .right),
    ])
    for check in checks {
      table.add([
        check.holds ? "yes" : "NO", check.statement.text,
        check.isSameFunction ? "the same function" : "another function",
        ParityReport.text(Number(check.maxBoundRatio), .compact),
        ParityReport.text(Number(check.maxResidual)),
      ])
    }
    return (lines + table.lines()).joined(separator: "\n") + "\n"
  }

  /// Lines below each other, the conditions of those that have any in a column.
  private static func block(_ title: String, _ lines: [ConventionSheet.Line]) -> [String] {
    let indentation = String(repeating: " ", count: max(2, title.count))
    let width = lines.filter { $0.condition != nil }.map(\.text.count).max() ?? 0
    return lines.enumerated().map { index, line in
      let condition = line.condition.map {
        String(repeating: " ", count: width - line.text.count) + "   " + $0
      }
      return (index == 0 && !title.isEmpty ? title : indentation) + line.text + (condition ?? "")
    }
  }
}
