import Recurrent

/// Looks for whose last state was returned as a pass's: that of another layer or direction.
struct ForeignFinalStates {
  /// Of every pass what its final state is held against, propagated; nil where its shape is another's.
  let propagated: (LayerPass) -> PropagatedStates?
  /// The pass whose final states are held, as the declared problem.
  let problem: StepwiseProblem
  let place: LayerPass
  let others: [(place: LayerPass, valid: ValidSteps, direction: Direction)]

  /// The other pass whose last state accounts for what was returned; nil where none does.
  func source() -> (LayerPass, maxBoundRatio: Double)? {
    guard let own = propagated(place) else { return nil }
    let declared = held(own, problem.valid, problem.direction)
    guard declared.isRejected else { return nil }
    for other in others where other.place != place {
      guard let states = propagated(other.place),
        states.states.h.midpoint.features == own.states.h.midpoint.features
      else { continue }
      let record = held(states, other.valid, other.direction)
      if record.accounts(forWhatRejects: declared) { return (other.place, record.maxBoundRatio) }
    }
    return nil
  }

  private func held(_ states: PropagatedStates, _ valid: ValidSteps, _ direction: Direction) -> HeldRecord {
    var record = HeldRecord()
    for kind in StateKind.allCases {
      guard let final = problem.finalState[kind], let sequence = states.states[kind] else { continue }
      for step in problem.lastSteps {
        guard let t = valid.last(step.b, direction) else { continue }
        ReturnedClaim(
          step, kind, final.row(step.b), sequence.window(t..<t + 1), at: StepIndex(t: t, b: step.b),
          isTelling: states.isTelling(t)
        ).add(to: &record)
      }
    }
    return record
  }
}
