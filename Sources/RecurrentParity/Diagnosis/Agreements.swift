import Recurrent

extension StepwiseProblem {
  /// The returned final states that are those of the formula's own run from the input, whatever the recorded states
  /// are; only what they are not the recorded ones of.
  func agreeingFinalStates(format: FloatFormat) -> [StateKind] {
    let claimed = StateKind.allCases.filter { kind in
      guard let final = finalState[kind], !lastSteps.isEmpty else { return false }
      guard let recorded = target[kind] else { return true }
      return lastSteps.contains { !final.row($0.b).elementsEqual(recorded.row($0.t, $0.b)) }
    }
    guard !claimed.isEmpty else { return [] }
    let run = propagated(in: ErrorModel(format))
    return claimed.filter { kind in
      guard let final = finalState[kind], let states = run.states[kind] else { return false }
      return lastSteps.allSatisfy { step in
        let window = states.window(step.t..<step.t + 1)
        return run.isTelling(step.t)
          && zip(final.row(step.b), window.range(step)).allSatisfy { value, index in
            (value - window.midpoint.elements[index]).magnitude <= window.radius.elements[index]
          }
      }
    }
  }
}
