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
  /// - Parameters:
  ///   - explanation: the precision that the run was found to be in.
  ///   - assessment: of the run in that precision, if it was made.
  ///   - isOpen: whether a timestep may still be contradicted.
  func contradictions(
    as explanation: LoweredPrecision, _ assessment: Assessment?, where isOpen: (Int) -> Bool = { _ in true }
  ) -> [Contradiction] {
    var found: [Contradiction] = []
    if let returned, let recorded = target.h {
      let differing = assessment?.unreached ?? returned.stepsDiffering(from: recorded, valid: valid)
      found += unreachable(
        .h, differing.filter { isOpen($0.t) }, of: returned, as: explanation, record: .output,
        fromRecordedPast: assessment == nil)
    }
    for kind in StateKind.allCases {
      guard let final = finalState[kind] else { continue }
      let last = lastSteps
      let differing = last.filter { step in
        guard isOpen(step.t) else { return false }
        let claim = final.row(step.b)
        let isRecorded = target[kind].map { claim.elementsEqual($0.row(step.t, step.b)) } ?? false
        let isReturned = kind == .h && (returned.map { claim.elementsEqual($0.row(step.t, step.b)) } ?? false)
        return !isRecorded && !isReturned
      }
      guard !differing.isEmpty else { continue }
      let recorded =
        target[kind]
        ?? .zeros(timesteps: valid.timesteps, batch: valid.batch, features: final.columns)
      found += unreachable(
        kind, differing, of: recorded.replacing(last, by: final), as: explanation, record: .finalState(kind))
    }
    return found
  }

  /// The claimed states that no step of the formula leads to, from the recorded past or the returned one.
  private func unreachable(
    _ kind: StateKind, _ differing: [StepIndex], of claimed: RecordedSequence,
    as explanation: LoweredPrecision, record: ContradictedRecord, fromRecordedPast: Bool = true
  ) -> [Contradiction] {
    var remaining = differing
    var elements: [StepIndex: FlaggedElement] = [:]
    // With the returned h, an LSTM's c is carried along: the recorded one is of another run.
    let pasts = [fromRecordedPast ? previous : nil, returned.map { RecordedStates(h: $0) }].compactMap { $0 }
    for (past, explanation) in pasts.flatMap({ past in explanation.ofAnyRun.map { (past, $0) } })
    where !remaining.isEmpty {
      var problem = self
      problem.target = kind == .h ? RecordedStates(h: claimed) : RecordedStates(c: claimed)
      problem.previous = past
      problem.chosen = remaining
      var reached: Set<StepIndex> = []
      (problem.lowered(by: explanation) ?? problem).evaluateChosen(
        in: explanation.arithmetic, rounding: explanation.rounding
      ) { result in
        for (row, step) in result.steps.enumerated() {
          if let beyond = result.firstBeyond(row, step) {
            elements[step] = beyond
          } else {
            reached.insert(step)
          }
        }
      }
      remaining.removeAll(where: reached.contains)
    }
    return remaining.map { step in
      let isFinite = claimed.row(step.t, step.b).allSatisfy(\.isFinite)
      return Contradiction(
        element: elements[step] ?? .unjudged(step, unit: 0, kind), verdict: isFinite ? .mismatch : .invalid,
        record: record)
    }
  }
}

extension StepwiseResult {
  /// The first unit of a row that is beyond its bound; what may overflow cannot be held against anything.
  fileprivate func firstBeyond(_ row: Int, _ step: StepIndex) -> FlaggedElement? {
    guard let (kind, results) = states.first else { return nil }
    let units = row * results.width..<(row + 1) * results.width
    let worst = units.first {
      !(results.residual[$0] <= results.bound[$0]) && !results.mayOverflow[$0]
    }
    return worst.map {
      FlaggedElement(
        timestep: step.t, batch: step.b, unit: $0 - units.lowerBound, state: kind,
        residual: results.residual[$0], bound: results.bound[$0])
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

extension RecordedSequence {
  /// With the values of some steps replaced by the rows `(B, D)` of their sequences.
  fileprivate func replacing(_ steps: [StepIndex], by rows: Matrix<Double>) -> RecordedSequence {
    mapped(storage: .float64) { first, window in
      var window = window
      for step in steps where 0..<window.timesteps ~= step.t - first {
        window.elements.replaceSubrange(window.range(step.t - first, step.b), with: rows.row(step.b))
      }
      return window.elements
    }
  }

  fileprivate static func zeros(timesteps: Int, batch: Int, features: Int) -> RecordedSequence {
    RecordedSequence(timesteps: timesteps, batch: batch, features: features, storage: .float64) {
      [Double](repeating: 0, count: $0.count * batch * features)
    }
  }
}
