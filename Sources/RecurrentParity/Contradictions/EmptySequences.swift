import Recurrent

extension StepwiseProblem {
  /// Where the final state of a sequence without a valid step is not what it has to be: nothing was computed, so it is
  /// the initial state, or zeros where the layer says so, stored in the run's format.
  ///
  /// Each stands at the timestep that the pass begins with.
  func emptySequenceContradictions(format: FloatFormat) -> [Contradiction] {
    guard let emptyFinal else { return [] }
    let empty = (0..<valid.batch).filter { valid.last($0, direction) == nil }
    let t = direction == .forward ? 0 : valid.timesteps - 1
    return StateKind.allCases.flatMap { kind in
      finalState[kind].map { final in
        empty.compactMap { b in
          let start = emptyFinal == .initial ? initialState?[kind]?.row(b) : nil
          let expected = start ?? ArraySlice(repeating: 0, count: final.columns)
          return contradiction(
            final.row(b), expected, at: StepIndex(t: t, b: b), kind, emptyFinal, format: format)
        }
      } ?? []
    }
  }

  /// - Returns: the first unit that differs; nil where none does.
  private func contradiction(
    _ final: ArraySlice<Double>, _ expected: ArraySlice<Double>, at step: StepIndex, _ kind: StateKind,
    _ emptyFinal: EmptyFinal, format: FloatFormat
  ) -> Contradiction? {
    // Both may have been printed in decimal.
    let allowance = 2 * printing
    let differs = { (value: Double, state: Double) in
      value != state && value != format.round(state) && !((value - state).magnitude <= allowance)
    }
    for (unit, (value, state)) in zip(final, expected).enumerated() where differs(value, state) {
      return Contradiction(
        element: FlaggedElement(
          timestep: step.t, batch: step.b, unit: unit, state: kind, residual: (value - state).magnitude,
          bound: allowance),
        verdict: final.allSatisfy(\.isFinite) ? .mismatch : .invalid,
        record: .emptyFinalState(kind, emptyFinal))
    }
    return nil
  }
}
