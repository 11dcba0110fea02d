import Recurrent

/// The states of a run from its initial state alone: each element with the radius that no honest run leaves.
///
/// The radius grows by |f′|·|U| a step even where the network contracts, so it ends by saying nothing.
struct PropagatedStates {
  let direction: Direction
  var states: StatePair<BoundedSequence, BoundedSequence?>
  /// The first timestep in processing order at which the bound says nothing any more (t*); nil where it
  /// always does.
  let exhausted: Int?

  /// Whether the bound still says something at t.
  func isTelling(_ t: Int) -> Bool {
    guard let exhausted else { return true }
    return direction == .forward ? t < exhausted : t > exhausted
  }
}

extension StepwiseProblem {
  /// Runs the formula from the initial state, with nothing recorded on the way.
  func propagated(in arithmetic: ErrorModel) -> PropagatedStates {
    var problem = self
    problem.previous = RecordedStates()
    let blocks = problem.evaluated(
      steps, in: CertifiedArithmetic(arithmetic: arithmetic),
      radius: RecordedRadius(
        input: .relative(arithmetic.operandRoundoff), state: .relative(arithmetic.recordedRoundoff)))
    let (timesteps, batch) = (input.values.timesteps, valid.batch)
    var h = BoundedSequence(zeros: timesteps, batch, cell.stateSize)
    var c = cell.kind == .lstm ? BoundedSequence(zeros: timesteps, batch, cell.hiddenSize) : nil
    for block in blocks {
      for (row, step) in block.steps.enumerated() where valid.contains(step.t, step.b) {
        h.set(step, row: row, of: block.states.h)
        if let value = block.states.c { c?.set(step, row: row, of: value) }
      }
    }
    return PropagatedStates(
      direction: direction, states: StatePair(h: h, c: c), exhausted: exhausted(h))
  }

  /// The first timestep at which half of the units have a radius of a tenth of their value.
  private func exhausted(_ h: BoundedSequence) -> Int? {
    direction.times(input.values.timesteps).first { t in
      let elements = (0..<valid.batch).filter { valid.contains(t, $0) }.flatMap {
        Array(h.midpoint.range(t, $0))
      }
      let vague = elements.count {
        !(h.radius.elements[$0] < 0.1 * max(h.midpoint.elements[$0].magnitude, 0.1))
      }
      return 2 * vague >= elements.count && !elements.isEmpty
    }
  }
}
