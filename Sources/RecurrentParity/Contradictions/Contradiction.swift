import Recurrent

/// A state that the framework returned, in its output or as the final state, and that is neither the recorded
/// one nor one step of the formula from it.
struct Contradiction {
  let element: FlaggedElement
  let verdict: Verdict
  let record: ContradictedRecord
}

extension [Contradiction] {
  /// One finding for each record that is contradicted, in the order of the records.
  func findings(at place: FindingPlace) -> [Finding] {
    var records: [ContradictedRecord] = []
    for contradiction in self where !records.contains(contradiction.record) {
      records.append(contradiction.record)
    }
    return records.map { record in
      let elements = filter { $0.record == record }.map(\.element)
      return Finding(
        .contradiction(record),
        at: place.at(
          timesteps: elements.map(\.timestep), sequences: elements.map(\.batch), units: elements.map(\.unit)))
    }
  }
}

extension StepwiseProblem {
  /// Where what the framework returned contradicts the recorded states.
  ///
  /// The output may come from another honest run than the states, as a fused layer beside a stepped one; so a
  /// returned state that differs is a contradiction only if no recorded past leads to it.
  /// - Parameter explanation: the precision that the run was found to be in.
  func contradictions(as explanation: LoweredPrecision) -> [Contradiction] {
    var found: [Contradiction] = []
    if let returned, let recorded = target.h {
      found += unreachable(
        .h, steps.filter { returned.differs(from: recorded, at: $0) }, of: returned, as: explanation,
        record: .output)
    }
    for kind in StateKind.allCases {
      guard let final = finalState[kind] else { continue }
      let recorded = target[kind]
      var claimed = recorded ?? BatchedSequence(zeros: input.values.timesteps, valid.batch, final.columns)
      for step in lastSteps {
        claimed.elements.replaceSubrange(claimed.range(step.t, step.b), with: final.row(step.b))
      }
      let differing = lastSteps.filter { step in
        let isRecorded = recorded.map { !claimed.differs(from: $0, at: step) } ?? false
        let isReturned = kind == .h && (returned.map { !claimed.differs(from: $0, at: step) } ?? false)
        return !isRecorded && !isReturned
      }
      found += unreachable(
        kind, differing, of: claimed, as: explanation,
        record: .finalState(kind))
    }
    return found
  }

  /// The claimed states that no step of the formula leads to, from the recorded past or the returned one.
  private func unreachable(
    _ kind: StateKind, _ differing: [StepIndex], of claimed: BatchedSequence<Double>,
    as explanation: LoweredPrecision, record: ContradictedRecord
  ) -> [Contradiction] {
    var remaining = differing
    var elements: [StepIndex: FlaggedElement] = [:]
    // With the returned h, an LSTM's c is carried along: the recorded one is of another run.
    let pasts = [previous, returned.map { RecordedStates(h: $0) }].compactMap { $0 }
    for (past, explanation) in pasts.flatMap({ past in explanation.ofAnyRun.map { (past, $0) } })
    where !remaining.isEmpty {
      var problem = self
      problem.target = kind == .h ? RecordedStates(h: claimed) : RecordedStates(c: claimed)
      problem.previous = past
      problem.steps = remaining
      let result = (problem.lowered(by: explanation) ?? problem).evaluated(
        in: explanation.arithmetic, rounding: explanation.rounding)
      guard let results = result.states.first?.elements else { continue }
      let reached = result.steps.enumerated().filter { row, step in
        let units = row * results.width..<(row + 1) * results.width
        // What may overflow cannot be held against anything.
        let isBeyond = { (index: Int) in
          !(results.residual[index] <= results.bound[index]) && !results.mayOverflow[index]
        }
        guard let worst = units.first(where: isBeyond) else { return true }
        elements[step] = FlaggedElement(
          timestep: step.t, batch: step.b, unit: worst - units.lowerBound, state: kind,
          residual: results.residual[worst], bound: results.bound[worst])
        return false
      }.map(\.element)
      remaining.removeAll(where: reached.contains)
    }
    return remaining.map { step in
      let isFinite = claimed.elements[claimed.range(step.t, step.b)].allSatisfy(\.isFinite)
      return Contradiction(
        element: elements[step] ?? .unjudged(step, unit: 0, kind), verdict: isFinite ? .mismatch : .invalid,
        record: record)
    }
  }
}

extension LoweredPrecision {
  /// What is returned may be of a run of the whole sequence, where the states are of one step by step.
  fileprivate var ofAnyRun: [LoweredPrecision] {
    guard let quantization else { return [self] }
    return DynamicQuantization.all.filter { $0.framework == quantization.framework }.map {
      LoweredPrecision(name: name, arithmetic: arithmetic, quantization: $0)
    }
  }
}

extension BatchedSequence<Double> {
  /// Whether any value of the step differs; NaN differs from everything.
  func differs(from other: BatchedSequence<Double>, at step: StepIndex) -> Bool {
    range(step.t, step.b).contains { elements[$0] != other.elements[$0] }
  }
}
