import Recurrent

/// Recorded values, each with how far it is from what a formula gives and how far it may be.
///
/// The same record held against two formulas has its values in the same order.
struct HeldRecord: Sendable {
  private(set) var residual: [Double] = []
  private(set) var bound: [Double] = []
  /// Whether the bound says something.
  private(set) var isTelling: [Bool] = []

  /// Bits by which the record has to pin a formula down before it is believed: of ten thousand foreign formulas none
  /// passes then but by a chance of one in half a million.
  private static let bits = 32.0

  mutating func add(residual: Double, bound: Double, isTelling: Bool) {
    self.residual.append(residual)
    self.bound.append(bound)
    self.isTelling.append(isTelling && !bound.isNaN)
  }

  private func isRejected(_ index: Int) -> Bool { isTelling[index] && !(residual[index] <= bound[index]) }

  /// Whether anything contradicts the formula.
  var isRejected: Bool { residual.indices.contains(where: isRejected) }

  /// The largest r/ρ where the bound says something.
  var maxBoundRatio: Double {
    residual.indices.reduce(0) { largest, index in
      guard isTelling[index], residual[index] != 0 else { return largest }
      return greater(largest, residual[index] / bound[index])
    }
  }

  /// Whether the formula that this is the record of accounts for everything, the very values among it that reject
  /// another formula.
  ///
  /// A foreign value falls within ρ by chance about as often as ρ goes into the distance that foreign values have: that
  /// of the rejected formula's. A wide bound pins nothing down.
  func accounts(forWhatRejects other: HeldRecord) -> Bool {
    guard residual.count == other.residual.count, !isRejected else { return false }
    var bits = 0.0
    for index in residual.indices where other.isRejected(index) {
      guard isTelling[index] else { return false }
      bits += max(0, Double.log2(other.residual[index] / max(bound[index], .leastNormalMagnitude)))
    }
    return bits >= Self.bits
  }
}

extension HeldRecord {
  /// The recorded states of some steps against one step of the formula each.
  init(_ results: [StepwiseResult]) {
    for result in results {
      for (_, elements) in result.states {
        for index in elements.residual.indices {
          add(residual: elements.residual[index], bound: elements.bound[index], isTelling: true)
        }
      }
    }
  }
}
