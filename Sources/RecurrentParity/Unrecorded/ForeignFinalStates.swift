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
    problem.finalClaims(
      on: states, at: { step in valid.last(step.b, direction).map { StepIndex(t: $0, b: step.b) } }
    ) { $0.add(to: &record) }
    return record
  }
}
