import RecurrentParity

/// Whether two references hold the same bits.
public struct BitReport: Codable, Equatable, Sendable {
  /// The two, by name.
  public var references: [String]
  /// Whether all that both might have in common is there, and the same.
  public var same: Bool
  /// How many elements were compared.
  public var compared: Int
  /// Absent where no compared bit differs.
  public var first: FirstDifferenceReport?
  /// In words.
  public var says: String
}

/// The first bit that differs, in the order of the data.
public struct FirstDifferenceReport: Codable, Equatable, Sendable {
  /// The layer of the first reference.
  public var layer: Int
  /// `forward` or `backward`.
  public var direction: String
  /// Input time, in the first reference.
  public var timestep: Int
  /// The sequence, in the first reference.
  public var batch: Int
  /// The other reference's.
  public var otherTimestep: Int
  /// The other reference’s sequence.
  public var otherBatch: Int
  /// `h` or `c`.
  public var state: String
  /// The unit.
  public var unit: Int
  /// The value in the first reference.
  public var value: Number
  /// The value in the other.
  public var otherValue: Number
  /// Elements of this direction of this layer that differ.
  public var differing: Int
  /// Of how many.
  public var of: Int
}

extension BitReport {
  init(_ comparison: BitComparison) {
    references = [comparison.reference, comparison.other]
    same = comparison.areSame
    compared = comparison.compared
    first = comparison.first.map(FirstDifferenceReport.init)
    says = comparison.text
  }

  var printable: BitReport {
    var report = self
    report.references = references.map(\.printable)
    report.says = says.printable
    return report
  }
}

extension FirstDifferenceReport {
  fileprivate init(_ difference: BitComparison.Difference) {
    layer = difference.layer
    direction = difference.direction.rawValue
    (timestep, batch) = (difference.step.timestep, difference.step.batch)
    (otherTimestep, otherBatch) = (difference.otherStep.timestep, difference.otherStep.batch)
    state = difference.state.rawValue
    unit = difference.unit
    value = Number(difference.value)
    otherValue = Number(difference.otherValue)
    differing = difference.count
    of = difference.total
  }
}

extension BitComparison {
  /// "keras and keras-2 hold the same bits: 1,024 values", "… first differ in layer 1, forward, at t = 3, …"
  fileprivate var text: String {
    let pair = "\(reference) and \(other)"
    let rest = left.isEmpty ? "" : "; not compared: \(left.map(text).joined(separator: ", "))"
    guard let first else {
      return compared == 0
        ? "\(pair) hold nothing that could be compared bit by bit\(rest)"
        : "\(pair) hold the same bits: \(compared) values\(rest)"
    }
    let elsewhere =
      first.step == first.otherStep
      ? "" : ", which is t = \(first.otherStep.timestep), sequence \(first.otherStep.batch) of \(other)"
    return
      "\(pair) first differ in layer \(first.layer), \(first.direction.rawValue), at t = \(first.step.timestep), "
      + "sequence \(first.step.batch), unit \(first.unit) of \(first.state.rawValue)\(elsewhere): \(first.value) and "
      + "\(first.otherValue); \(first.count) of \(first.total) values of that layer differ\(rest)"
  }

  private func text(_ left: Left) -> String {
    switch left {
    case .structure: "layers that have no counterpart"
    case .state(let layer, let direction, let kind):
      "\(kind.rawValue) of layer \(layer), \(direction.rawValue), which is not in both"
    case .sequence(let index): "sequence \(index) of \(reference), whose input \(other) has not"
    }
  }
}
