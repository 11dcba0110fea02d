import Recurrent

/// What the framework returned of a layer of which no state is recorded: its merged output, its last states.
struct ReturnedRecord: Sendable {
  /// One for each pass.
  let problems: [StepwiseProblem]
  var link: OutputLink
  /// The merged output, where it is recorded.
  let output: RecordedSequence?
  let arithmetic: ErrorModel
  /// Which row is taken for a pass's last state.
  var finalRows: FinalRows = .last

  enum FinalRows: Sendable {
    /// That of the last step of the pass.
    case last
    /// That of the last valid timestep, whatever the pass's direction.
    case lastInTime
  }

  /// The merged output against what the passes propagate to.
  func outputClaims(_ propagated: [PropagatedStates], valid: ValidSteps, _ body: (ReturnedClaim) -> Void) {
    guard let output else { return }
    let merged = link.merged(propagated.map(\.states.h), lengths: valid.lengths, in: arithmetic)
    for times in output.windows(ofBytes: 48 * output.batch * output.features) {
      let (returned, propagatedWindow) = (output.window(times), merged.window(times))
      for t in times {
        let isTelling = propagated.allSatisfy { $0.isTelling(t) }
        for b in 0..<output.batch where valid.contains(t, b) {
          let step = StepIndex(t: t, b: b)
          body(
            ReturnedClaim(
              step, .h, ArraySlice(returned.elements[returned.range(t - times.lowerBound, b)]),
              propagatedWindow, at: step, isTelling: isTelling))
        }
      }
    }
  }

  /// A pass's last states against what it propagates to.
  func finalClaims(pass: Int, _ propagated: [PropagatedStates], _ body: (ReturnedClaim) -> Void) {
    problems[pass].finalClaims(on: propagated[pass], at: { row(of: $0, pass) }, body)
  }

  private func row(of step: StepIndex, _ pass: Int) -> StepIndex? {
    switch finalRows {
    case .last: step
    case .lastInTime: problems[pass].valid.last(step.b, .forward).map { StepIndex(t: $0, b: step.b) }
    }
  }

  /// All that was returned, held against the formulas of the problems.
  ///
  /// - Parameter valid: which steps of the output are looked at.
  func held(valid: ValidSteps) -> HeldRecord {
    let propagated = problems.map { $0.propagated(in: arithmetic) }
    var record = HeldRecord()
    outputClaims(propagated, valid: valid) { $0.add(to: &record) }
    for pass in problems.indices { finalClaims(pass: pass, propagated) { $0.add(to: &record) } }
    return record
  }
}

extension StepwiseProblem {
  /// The returned last states against propagated ones.
  ///
  /// - Parameter row: of a pass's last step, the step whose state was returned; nil where there is none.
  func finalClaims(
    on states: PropagatedStates, at row: (StepIndex) -> StepIndex?, _ body: (ReturnedClaim) -> Void
  ) {
    for kind in StateKind.allCases {
      guard let final = finalState[kind], let sequence = states.states[kind],
        sequence.midpoint.features == final.columns
      else { continue }
      for step in lastSteps {
        guard let row = row(step) else { continue }
        body(
          ReturnedClaim(
            step, kind, final.row(step.b), sequence.window(row.t..<row.t + 1), at: row,
            isTelling: states.isTelling(row.t)))
      }
    }
  }
}
