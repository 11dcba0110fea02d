import Recurrent

/// One step's returned state against what was propagated to it.
struct ReturnedClaim {
  let step: StepIndex
  let kind: StateKind
  let elements: [(residual: Double, bound: Double, scale: Double)]
  let isFinite: Bool
  let isTelling: Bool

  /// - Parameters:
  ///   - values: what was returned.
  ///   - source: the step of the propagated states that it is held against.
  init(
    _ step: StepIndex, _ kind: StateKind, _ values: ArraySlice<Double>, _ states: BoundedWindow,
    at source: StepIndex, isTelling: Bool
  ) {
    self.step = step
    self.kind = kind
    self.isTelling = isTelling
    isFinite = values.allSatisfy(\.isFinite)
    elements = zip(values, states.range(source)).map { value, index in
      (
        (value - states.midpoint.elements[index]).magnitude, states.radius.elements[index],
        states.scale.elements[index]
      )
    }
  }

  /// Before t* the bound decides; from t* on nothing does.
  var verdict: Verdict {
    if !isFinite { return .invalid }
    if !isTelling { return .inconclusive }
    // A radius that is not a number: the run may have overflowed, and the element is neither right nor wrong.
    if elements.contains(where: { $0.residual > $0.bound }) { return .mismatch }
    return elements.contains { $0.bound.isNaN } ? .inconclusive : .match
  }

  /// The unit of the largest r/ρ.
  var worst: FlaggedElement? {
    let ratios = elements.map { $0.residual == 0 ? 0 : $0.residual / $0.bound }
    guard let unit = ratios.indices.max(by: { !(ratios[$0] >= ratios[$1]) }) else { return nil }
    return FlaggedElement(
      timestep: step.t, batch: step.b, unit: unit, state: kind, residual: elements[unit].residual,
      bound: elements[unit].bound)
  }

  func add(to statistics: inout RoundoffStatistics) {
    for element in elements {
      statistics.add(residual: element.residual, bound: element.bound, scale: element.scale)
    }
  }

  func add(to record: inout HeldRecord) {
    for element in elements {
      record.add(residual: element.residual, bound: element.bound, isTelling: isTelling)
    }
  }
}
