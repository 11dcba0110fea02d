import RecurrentParity

/// One boundary between two references.
public struct BoundaryReport: Codable, Equatable, Sendable {
  /// The two, by name.
  public var references: [String]
  /// As in the format, by the first reference's numbers and names: `outputs/logits`, `layers/1/input`.
  public var boundary: String
  /// By the second's.
  public var otherBoundary: String
  /// `match`, `inconclusive` or `differs`.
  public var verdict: String
  /// What it is judged by: `pinned`, `free`, `none` or `exact`.
  public var evidence: String
  /// Of the slice with the largest ratio of the difference to the spread; absent where no numbers were compared. So
  /// are the next three.
  public var ratio: Number?
  /// Where the ratio is largest.
  public var slice: SliceReport?
  /// The rms of the two's difference in that slice, in units of its values.
  public var rmsDifference: Number?
  /// How far rounding moves that slice (rms), in the same units.
  public var spread: Number?
  /// Of the whole boundary.
  public var rms: Number?
  /// Whether the first two axes of the second were exchanged.
  public var exchanged: Bool
  /// What is to be said beside the numbers; absent where that is nothing.
  public var says: String?
}

/// All of an array, or what has one index along one axis.
public struct SliceReport: Codable, Equatable, Sendable {
  /// Absent where it is all of the array. So is the index.
  public var axis: Int?
  /// From 0.
  public var index: Int?

  package var text: String {
    guard let axis, let index else { return "all" }
    return "[" + String(repeating: ":, ", count: axis) + "\(index)]"
  }
}

/// Where two references differ, of a finding of kind `boundary`.
public struct DepartureReport: Codable, Equatable, Sendable {
  /// The two, by name.
  public var references: [String]
  /// As in the format, by the first reference's numbers and names.
  public var boundary: String
  /// How they differ: `values`, `not-a-number`, `integers`, `shapes` or `valid-steps`.
  public var difference: String
  /// Of differing values. So is the slice.
  public var ratio: Number?
  /// Where the ratio is largest.
  public var slice: SliceReport?
  /// Whether the first two axes of the second were exchanged.
  public var exchanged: Bool
  /// What makes the first reference's array of the other's, where that accounts for their difference: `dropout:0.3`.
  public var relation: String?
}

extension SliceReport {
  init(_ slice: BoundarySlice) {
    if case .at(let axis, let index) = slice { (self.axis, self.index) = (axis, index) }
  }
}

extension BoundaryReport {
  init(_ judgement: BoundaryJudgement, in parityCase: CaseJudgement) {
    let figures = judgement.figures
    self.init(
      references: [judgement.reference, judgement.other], boundary: judgement.boundary.path,
      otherBoundary: judgement.otherBoundary.path, verdict: judgement.verdict.rawValue,
      evidence: judgement.evidence.rawValue, ratio: figures.map { Number($0.ratio) },
      slice: figures.map { SliceReport($0.slice) }, rmsDifference: figures.map { Number($0.rmsDifference) },
      spread: figures.map { Number($0.spread) }, rms: figures.map { Number($0.rms) },
      exchanged: judgement.isExchanged, says: parityCase.text(judgement))
  }

  var printable: BoundaryReport {
    var report = self
    report.references = references.map(\.printable)
    report.boundary = boundary.printable
    report.otherBoundary = otherBoundary.printable
    report.says = says?.printable
    return report
  }
}

extension DepartureReport {
  init(_ departure: BoundaryDeparture) {
    references = [departure.reference, departure.other]
    boundary = departure.boundary.path
    exchanged = departure.isExchanged
    relation = departure.relation?.name
    switch departure.difference {
    case .values(let ratio, let slice):
      difference = "values"
      self.ratio = Number(ratio)
      self.slice = SliceReport(slice)
    case .notANumber: difference = "not-a-number"
    case .integers: difference = "integers"
    case .shapes: difference = "shapes"
    case .validSteps: difference = "valid-steps"
    }
  }
}
