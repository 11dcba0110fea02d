import Recurrent

/// A state that the framework returned, in its output or as the final state, and that is neither the recorded
/// one nor one step of the formula from it.
struct Contradiction {
  let element: FlaggedElement
  let verdict: Verdict
  let note: String
}

extension StepwiseProblem {
  /// Where what the framework returned contradicts the recorded states.
  ///
  /// The output may come from another honest run than the states, as a fused layer beside a stepped one; so a
  /// returned state that differs is a contradiction only if no recorded past leads to it.
  func contradictions(in arithmetic: WorkingArithmetic, rounding: OperandRounding?) -> [Contradiction] {
    var found: [Contradiction] = []
    if let returned {
      found += unreachable(
        steps.filter { returned.differs(from: target, at: $0) }, of: returned, in: arithmetic,
        rounding: rounding, note: "output contradicts the recorded states")
    }
    if let finalState {
      var claimed = target
      let last = lengths.indices.map { StepIndex(t: direction == .forward ? lengths[$0] - 1 : 0, b: $0) }
      for step in last {
        claimed.elements.replaceSubrange(claimed.range(step.t, step.b), with: finalState.row(step.b))
      }
      let differing = last.filter {
        step in
        claimed.differs(from: target, at: step)
          && returned.map { claimed.differs(from: $0, at: step) } ?? true
      }
      found += unreachable(
        differing, of: claimed, in: arithmetic, rounding: rounding,
        note: "final_state contradicts the recorded states")
    }
    return found
  }

  /// The claimed states that no step of the formula leads to, from the recorded past or the returned one.
  private func unreachable(
    _ differing: [StepIndex], of claimed: BatchedSequence<Double>, in arithmetic: WorkingArithmetic,
    rounding: OperandRounding?, note: String
  ) -> [Contradiction] {
    guard !differing.isEmpty else { return [] }
    var remaining = differing
    var elements: [StepIndex: FlaggedElement] = [:]
    for past in [previous, returned].compactMap({ $0 }) {
      var problem = self
      problem.target = claimed
      problem.previous = past
      problem.steps = remaining.filter(problem.hasFinitePremises)
      let result = problem.evaluated(in: arithmetic, rounding: rounding)
      let reached = problem.steps.enumerated().filter { row, step in
        let units = row * hiddenSize..<(row + 1) * hiddenSize
        guard let worst = units.first(where: { !(result.residual[$0] <= result.bound[$0]) }) else {
          return true
        }
        elements[step] = FlaggedElement(
          timestep: step.t, batch: step.b, unit: worst - units.lowerBound, residual: result.residual[worst],
          bound: result.bound[worst])
        return false
      }.map(\.element)
      remaining.removeAll(where: reached.contains)
    }
    return remaining.map { step in
      let isFinite = claimed.elements[claimed.range(step.t, step.b)].allSatisfy(\.isFinite)
      return Contradiction(
        element: elements[step]
          ?? FlaggedElement(timestep: step.t, batch: step.b, unit: 0, residual: .nan, bound: .nan),
        verdict: isFinite ? .mismatch : .invalid, note: note)
    }
  }
}

extension BatchedSequence<Double> {
  /// Whether any value of the step differs; NaN differs from everything.
  func differs(from other: BatchedSequence<Double>, at step: StepIndex) -> Bool {
    range(step.t, step.b).contains { elements[$0] != other.elements[$0] }
  }
}
