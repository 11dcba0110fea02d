import ParityReport
import Recurrent
import RecurrentConventions
import RecurrentParity

/// What stands around the cases: the verdict, what to do, and the table that leads to them.
struct PageView {
  let verdict: String
  /// "157 cases: 12 mismatch, 145 match"
  let counts: String
  let tasks: [TaskView]
  /// "and 12 more, in the cases below"; nil where these are all.
  let moreTasks: String?
  let headlines: [String]
  let joinable: [String]
  let columns: [Column]
  let rows: [Row]
  /// One for each verdict that there is, worst first, for the filter.
  let verdicts: [String]
  let legend: [Shade.LegendEntry]
  let formulas: [FormulaView]

  struct Column {
    let title: String
    let isNumeric: Bool
    /// What it means; nil where the title says it.
    let meaning: String?
  }

  struct Row {
    let anchor: String
    let verdict: String
    let `case`: String
    let cells: [String]
  }

  init(_ cases: [CaseSummary]) {
    verdict = cases.map(\.verdict).worst.rawValue
    verdicts = cases.tally.map(\.verdict.rawValue)
    counts = cases.tallyText
    let all = TaskView.all(cases)
    tasks = Array(all.prefix(TaskView.most))
    moreTasks =
      all.count > TaskView.most
      ? "and \(all.count - TaskView.most) more, in the cases below" : nil
    // What is to be done about is said there.
    let said = Set(
      cases.flatMap { summary in summary.actions.map { "\(summary.case.printable): \($0.says)" } })
    headlines = cases.flatMap(\.headlines).filter { !said.contains($0) }
    joinable = JoinableFiles(cases).lines
    // The first column, the verdict, and the second, the case, have cells of their own.
    let meanings =
      CaseSummary.meanings + [("cross", "the states of one reference, by the weights of another")]
    columns = CaseSummary.columns.dropFirst(2).map { column in
      Column(
        title: column.title, isNumeric: column.alignment == .right,
        meaning: meanings.first { $0.title == column.title }?.text)
    }
    rows = cases.worstFirst.map { cases[$0] }.map { summary in
      Row(
        anchor: Anchor.case(summary.case, summary.file), verdict: summary.verdict.rawValue,
        case: summary.row[1], cells: Array(summary.row.dropFirst(2)))
    }
    legend = Shade.legend
    formulas = cases.flatMap(\.formulas).uniqued.sorted().compactMap(FormulaView.init)
  }
}

/// Something to be done, once for all the cases that call for it.
struct TaskView {
  let verdict: String
  let place: String
  let says: String
  let mending: [FindingView.MendingView]
  let cases: [CaseLink]
  /// "and 12 more"; nil where these are all.
  let more: String?

  struct CaseLink {
    let anchor: String
    let name: String
  }

  static let most = 12
  private static let mostLinks = 12

  static func all(_ cases: [CaseSummary]) -> [TaskView] {
    var found: [(action: CaseAction, cases: [CaseSummary])] = []
    var places: [[String]: Int] = [:]
    for summary in cases {
      for action in summary.actions {
        let key = [action.verdict.rawValue, action.says] + action.mending.map(\.text)
        if let index = places[key] {
          if found[index].cases.last?.file != summary.file { found[index].cases.append(summary) }
        } else {
          places[key] = found.count
          found.append((action, [summary]))
        }
      }
    }
    return CaseAction.mostUrgentFirst(found.map(\.action)).map { TaskView(found[$0].action, found[$0].cases) }
  }

  private init(_ action: CaseAction, _ cases: [CaseSummary]) {
    verdict = action.verdict.rawValue
    place = action.place
    says = action.says
    mending = action.mending.map { FindingView.MendingView(framework: $0.framework, code: $0.text) }
    self.cases = cases.prefix(Self.mostLinks).map {
      CaseLink(anchor: Anchor.case($0.case, $0.file), name: $0.case.printable)
    }
    more = cases.count > Self.mostLinks ? "and \(cases.count - Self.mostLinks) more" : nil
  }
}

/// A formula that was compared, in its convention's own notation.
struct FormulaView {
  let anchor: String
  let title: String
  let lines: [String]

  /// - Parameter key: "keras/lstm".
  init?(_ key: String) {
    let parts = key.split(separator: "/").map(String.init)
    guard parts.count == 2, let convention = Convention(rawValue: parts[0]),
      let kind = CellKind(rawValue: parts[1])
    else { return nil }
    let sheet = ConventionSheet(convention, kind)
    anchor = Anchor.formula(parts[0], parts[1])
    title = "\(parts[1]) in \(parts[0])’s convention"
    let sheetLines = sheet.formula + sheet.weights + sheet.biases + sheet.biasSums
    lines =
      sheetLines.map { line in line.text + (line.condition.map { "   \($0)" } ?? "") }
      + (kind == .rnn ? [] : ["gates: \(sheet.gateOrder)"])
  }
}
