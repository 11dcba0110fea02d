import Recurrent

/// Of each timestep the element with the largest r/ρ; ties go to the lowest sequence, then to h, then to the lowest
/// unit. What may overflow is left out.
struct WorstElements: Sendable {
  private var worst: [Int: (ratio: Double, element: FlaggedElement)] = [:]

  init() {}

  init(_ result: StepwiseResult) {
    for (row, step) in result.steps.enumerated() {
      for (kind, elements) in result.states {
        var found: (ratio: Double, index: Int)?
        for index in row * elements.width..<(row + 1) * elements.width where !elements.mayOverflow[index] {
          let (r, bound) = (elements.residual[index], elements.bound[index])
          let ratio = r == 0 ? 0 : r / bound
          if found.map({ Self.isWorse(ratio, than: $0.ratio) }) ?? true { found = (ratio, index) }
        }
        guard let found else { continue }
        take(
          found.ratio,
          FlaggedElement(
            timestep: step.t, batch: step.b, unit: found.index - row * elements.width, state: kind,
            residual: elements.residual[found.index], bound: elements.bound[found.index]))
      }
    }
  }

  subscript(t: Int) -> FlaggedElement? { worst[t]?.element }

  /// Takes over those of later steps.
  mutating func add(_ other: WorstElements) {
    for (_, entry) in other.worst { take(entry.ratio, entry.element) }
  }

  private mutating func take(_ ratio: Double, _ element: FlaggedElement) {
    if let known = worst[element.timestep]?.ratio, !Self.isWorse(ratio, than: known) { return }
    worst[element.timestep] = (ratio, element)
  }

  /// NaN is worse than any number.
  private static func isWorse(_ ratio: Double, than known: Double) -> Bool {
    ratio.isNaN ? !known.isNaN : ratio > known
  }
}
