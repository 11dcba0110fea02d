import RecurrentParity

/// What the elements beyond their bound look like, of a finding of kind `remainder`.
public struct RemainderReport: Codable, Equatable, Sendable {
  /// How many elements are beyond their bound, of how many.
  public var elements: Int
  /// How many elements there are.
  public var of: Int
  /// What the first step shows: `alone`, `right-from-zeros`, `right-from-state` or `wrong-from-zeros`; absent where that is nothing.
  public var firstStep: String?
  /// Of an LSTM whose h and c are both recorded: the units whose c is beyond its bound, and those of which only h is.
  /// Absent elsewhere.
  public var unitsOfC: [Int]?
  /// Ascending; absent where `unitsOfC` is.
  public var unitsOfHAlone: [Int]?
  /// What is as it should be: `final_state/h`, `other-direction`, `reference:NAME`.
  public var agrees: [String]
  /// Hypotheses that leave at most half of it over: they are no diagnosis.
  public var nearest: [NearMissReport]
  /// What would tell more, the most telling first.
  public var next: [String]
}

/// A hypothesis that comes near, and is not it.
public struct NearMissReport: Codable, Equatable, Sendable {
  /// Its name.
  public var hypothesis: String
  /// The share of the elements that stays beyond its bound with it, 0 … 1.
  public var left: Number
}

extension RemainderReport {
  init(_ shape: RemainderShape) {
    elements = shape.elements
    of = shape.of
    firstStep = shape.firstStep?.name
    unitsOfC = shape.cellState?.off
    unitsOfHAlone = shape.cellState?.right
    agrees = shape.agreements.map(\.name)
    nearest = shape.nearest.map { NearMissReport(hypothesis: $0.name, left: Number($0.left)) }
    next = shape.next.map(\.rawValue)
  }

  var printable: RemainderReport {
    var report = self
    report.agrees = agrees.map(\.printable)
    return report
  }
}

extension RemainderShape.FirstStep {
  fileprivate var name: String {
    switch self {
    case .alone: "alone"
    case .rightFromZeros: "right-from-zeros"
    case .rightFromState: "right-from-state"
    case .wrongFromZeros: "wrong-from-zeros"
    }
  }
}

extension RemainderShape.Agreement {
  fileprivate var name: String {
    switch self {
    case .finalState(let kind): "final_state/\(kind.rawValue)"
    case .otherDirection: "other-direction"
    case .reference(let name): "reference:\(name)"
    }
  }
}
