/// One way to write a report: each case by itself, in whatever process it was judged, and what stands around them.
///
/// A report on a million cases is never in memory: only their summaries are.
public protocol ReportRenderer: Sendable {
  /// The text of one case, piece by piece.
  func section(_ entry: CaseReport, _ write: (String) throws -> Void) throws

  /// What stands around the texts of the cases.
  func frame(_ cases: [CaseSummary]) throws -> ReportFrame
}

/// What stands around the texts of the cases, and how they are arranged.
public struct ReportFrame: Sendable {
  /// What stands before the first case.
  public var beginning = ""
  /// What stands between two cases.
  public var separator = ""
  /// What stands after the last case.
  public var end = ""
  /// The cases in the order in which they are shown, by their numbers; nil for the order in which they came.
  public var order: [Int]?
  /// What a reader of this form takes at most; nil where there is no such limit.
  public var limit: ReportLimit?

  /// A frame in which all cases are shown in the order in which they came.
  public init(beginning: String = "", separator: String = "", end: String = "") {
    self.beginning = beginning
    self.separator = separator
    self.end = end
  }
}

/// How long a report may become, and what is said in place of the cases that do not fit.
public struct ReportLimit: Sendable {
  /// Of the whole text, what is said of the rest included.
  public var bytes: Int
  /// What stands at the end in place of the cases of these numbers; "" of none.
  public var leavingOut: @Sendable ([Int]) -> String

  /// A limit, and what is said of the cases beyond it.
  public init(bytes: Int, leavingOut: @escaping @Sendable ([Int]) -> String) {
    self.bytes = bytes
    self.leavingOut = leavingOut
  }
}

extension ReportRenderer {
  /// The whole report.
  public func render(_ report: Report) throws -> String {
    let summaries = report.cases.map(CaseSummary.init)
    let frame = try frame(summaries)
    var sections: [String] = []
    for entry in report.cases {
      var text = ""
      try section(entry) { text += $0 }
      sections.append(text)
    }
    let arrangement = frame.arrangement(of: sections.map(\.utf8.count))
    return frame.beginning + arrangement.shown.map { sections[$0] }.joined(separator: frame.separator)
      + arrangement.note + frame.end
  }
}

extension ReportFrame {
  /// Which cases are shown, in which order, and what is said of the others.
  ///
  /// - Parameter lengths: the bytes of each case's text.
  public func arrangement(of lengths: [Int]) -> (shown: [Int], note: String) {
    let order = order ?? Array(lengths.indices)
    guard let limit else { return (order, "") }
    var room = limit.bytes - beginning.utf8.count - end.utf8.count
    let whole = lengths.reduce(0, +) + separator.utf8.count * max(0, lengths.count - 1)
    if whole <= room { return (order, "") }
    // The longest that can be said of what is left out.
    room -= limit.leavingOut(order).utf8.count
    var shown = 0
    while shown < order.count {
      room -= lengths[order[shown]] + separator.utf8.count
      guard room >= 0 else { break }
      shown += 1
    }
    return (Array(order.prefix(shown)), limit.leavingOut(Array(order.dropFirst(shown))))
  }
}
