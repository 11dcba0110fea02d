import Recurrent
import RecurrentConventions
import RecurrentParity

/// The conventions as they are implemented, and what was found of the statements about them: for a person.
public enum FormulaSheet {
  /// The sheet of every cell in every convention, then a table of the checks, with a final newline.
  public static func text(_ checks: [FormulaCheck]) -> String {
    var lines: [String] = []
    for kind in CellKind.allCases {
      for convention in Convention.allCases {
        let sheet = ConventionSheet(convention, kind)
        lines.append("\(kind.rawValue), \(convention.rawValue)")
        lines += sheet.formula.map { "  \($0)" }
        if kind != .rnn { lines.append("  gate order  \(sheet.gateOrder)") }
        lines.append("  weights     \(sheet.weights)")
        lines.append("  biases      \(sheet.biases)")
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
}
