import RecurrentParity

/// What a report on many cases says of one: all that the others, and the exit status, have to know of it.
public struct CaseSummary: Codable, Equatable, Sendable {
  /// The case's name.
  public var `case`: String
  /// The file, as it was named.
  public var file: String
  /// Of the case.
  public var verdict: Verdict
  /// Whether the file could be read as a case.
  public var isCase: Bool
  /// Whether anything of it was judged, or would have been, did it not require what is not known.
  public var isSelected: Bool
  /// Whether a free-running difference is above the user's tolerance.
  public var exceedsTolerance: Bool
  /// Whether two references differ in a bit, where that was asked for, or could not be compared.
  public var differsInBits: Bool
  /// Whether the file holds what was not read.
  public var holdsUnread: Bool
  /// Whether it has the reference that was declared to be right.
  public var hasOriginal: Bool
  /// What the verdict's line must not be read without.
  public var headlines: [String]
  /// What was found of what is flagged, and how to mend it: the worst first, and at most a few.
  public var actions: [CaseAction]
  /// Which formulas were compared: conventions with their cells, as "keras/lstm".
  public var formulas: [String]
  /// A cell for each column of the table, printable.
  package private(set) var row: [String]

  /// The summary of a case.
  public init(_ entry: CaseReport) {
    self.case = entry.case
    file = entry.file
    verdict = Verdict(entry.verdict)
    isCase = entry.error == nil
    let layers = entry.references.flatMap(\.layers)
    isSelected = !layers.isEmpty || entry.unknownFeatures != nil
    exceedsTolerance = layers.contains { $0.freeRunning.firstAboveTolerance?.value != nil }
    differsInBits = entry.bits?.contains { !$0.same } ?? false
    holdsUnread = entry.unreadCount != nil
    hasOriginal = entry.original != nil
    var printable = entry.withoutForeignFigures
    printable.makePrintable()
    headlines = printable.headlines
    row = Self.row(printable)
    actions = CaseAction.all(printable)
    formulas =
      entry.references.flatMap { reference in
        reference.layers.map { "\(reference.convention)/\($0.cell)" }
      }.uniqued
  }

  package static let columns: [(title: String, alignment: TextTable.Alignment)] = [
    ("verdict", .left), ("case", .left), ("references", .left), ("passes", .right), ("T×B", .right),
    ("r/ρ", .right), ("ε rms", .right), ("drift", .right), ("cross", .left),
  ]

  private static func row(_ entry: CaseReport) -> [String] {
    let layers = entry.references.flatMap(\.layers)
    return [
      entry.verdict, entry.case, entry.references.map(\.name).joined(separator: ", "),
      layers.isEmpty ? "–" : String(layers.count),
      entry.shape.map { "\($0.timesteps)×\($0.batch)" } ?? "–",
      text(worst(layers.map(\.stepwise.maxBoundRatio)), .compact),
      text(worst(layers.map(\.stepwise.effectiveRoundoffRms)), .compact),
      text(worst(layers.map(\.freeRunning.maxAbs))),
      entry.cross.isEmpty ? "–" : worstVerdict(entry.cross.map(\.verdict)),
    ]
  }

  private static func worst(_ numbers: [Number]) -> Number {
    numbers.max { !($0.value >= $1.value) && !$0.value.isNaN } ?? Number(.nan)
  }
}

package func worstVerdict(_ verdicts: [String]) -> String { verdicts.compactMap(Verdict.init).worst.rawValue }

extension CaseSummary {
  /// What the columns of figures mean, by their titles.
  package static let meanings = [
    (
      title: "r/ρ",
      text: "largest residual of one step ÷ its certified bound; above 1 is proof of another formula"
    ),
    (title: "ε rms", text: "effective roundoff of the worst timestep; honest arithmetic stays near 1"),
    (
      title: "drift",
      text: "largest difference to Swift's own run, from the input alone: information, not a verdict"
    ),
  ]
}

extension [CaseSummary] {
  /// Their numbers, the worst first; of equals in the order in which they came.
  package var worstFirst: [Int] {
    indices.sorted { (self[$1].verdict, $0) < (self[$0].verdict, $1) }
  }

  /// The verdicts that there are, the worst first, with how many cases have each.
  package var tally: [(verdict: Verdict, count: Int)] {
    Verdict.allCases.sorted(by: >).map { verdict in (verdict, count { $0.verdict == verdict }) }
      .filter { $0.count > 0 }
  }

  /// "157 cases: 12 mismatch, 145 match"
  package var tallyText: String {
    "\(count == 1 ? "1 case" : "\(count) cases"): "
      + tally.map { "\($0.count) \($0.verdict.rawValue)" }.joined(separator: ", ")
  }
}
