import Recurrent

/// Judges passes of which only what the framework returned is recorded, against the bound that is propagated
/// from the initial state.
struct OutputsJudgement {
  let problems: [StepwiseProblem]
  let merge: MergeMode
  /// The merged output, where it is recorded.
  let output: RecordedSequence?
  let format: FloatFormat
  let layer: Int

  /// One for each problem. Without anything recorded there is no timestep, and nothing is decided.
  func judgements() -> [PassJudgement] {
    let arithmetic = ErrorModel(format)
    let propagated = problems.map { $0.propagated(in: arithmetic) }
    let merged = merge.merged(propagated.map(\.states.h), in: arithmetic)
    return zip(problems, propagated).map { problem, states in
      let place = FindingPlace(layer: layer, direction: problem.direction)
      var claims = Claims(problem, output: output)
      if let output {
        for times in output.windows(ofBytes: 48 * output.batch * output.features) {
          claims.add(
            output.window(times), merged.window(times), times, valid: problem.valid,
            isTelling: { t in propagated.allSatisfy { $0.isTelling(t) } })
        }
      }
      for kind in StateKind.allCases {
        guard let final = problem.finalState[kind], let sequence = states.states[kind] else { continue }
        for step in problem.lastSteps {
          claims.add(
            Claim(
              step, kind, final.row(step.b), sequence.window(step.t..<step.t + 1),
              isTelling: states.isTelling(step.t)))
        }
      }
      return claims.judgement(
        problem.emptySequenceContradictions(format: format), format: format, at: place)
    }
  }
}

/// Everything that was returned of a pass, held against what was propagated.
private struct Claims {
  private var verdicts: TimestepVerdicts
  private var statistics: [Int: RoundoffStatistics] = [:]
  private var undecided: [StepIndex] = []

  init(_ problem: StepwiseProblem, output: RecordedSequence?) {
    let claimed = output == nil ? [] : problem.valid.timestepsWithSteps
    let last = problem.finalState.h == nil && problem.finalState.c == nil ? [] : problem.lastSteps.map(\.t)
    verdicts = TimestepVerdicts(claimed + last, of: problem.valid.timesteps)
  }

  mutating func add(
    _ output: BatchedSequence<Double>, _ propagated: BoundedWindow, _ times: Range<Int>, valid: ValidSteps,
    isTelling: (Int) -> Bool
  ) {
    for t in times {
      for b in 0..<output.batch where valid.contains(t, b) {
        add(
          Claim(
            StepIndex(t: t, b: b), .h, ArraySlice(output.elements[output.range(t - times.lowerBound, b)]),
            propagated, isTelling: isTelling(t)))
      }
    }
  }

  mutating func add(_ claim: Claim) {
    claim.add(to: &statistics[claim.step.t, default: RoundoffStatistics()])
    verdicts.flag(claim.step.t, claim.verdict, claim.worst)
    if claim.verdict == .inconclusive { undecided.append(claim.step) }
  }

  func judgement(
    _ contradictions: [Contradiction], format: FloatFormat, at place: FindingPlace
  ) -> PassJudgement {
    var verdicts = verdicts
    for contradiction in contradictions {
      verdicts.flag(contradiction.element.timestep, contradiction.verdict, contradiction.element)
    }
    let findings =
      undecided.isEmpty
      ? []
      : [
        Finding(
          .unjudged(.exhaustedBound),
          at: place.at(timesteps: undecided.map(\.t), sequences: undecided.map(\.b)))
      ]
    return verdicts.judgement(
      ResidualFigures(statistics.values), at: { t in statistics[t].map { ResidualFigures([$0]) } },
      direction: place.direction, evidence: .outputs, format: format,
      findings: contradictions.findings(at: place) + findings)
  }
}

/// One step's returned state against the propagated one.
private struct Claim {
  let step: StepIndex
  private let kind: StateKind
  private let elements: [(residual: Double, bound: Double, scale: Double)]
  private let isFinite: Bool
  private let isTelling: Bool

  init(
    _ step: StepIndex, _ kind: StateKind, _ values: ArraySlice<Double>, _ states: BoundedWindow,
    isTelling: Bool
  ) {
    self.step = step
    self.kind = kind
    self.isTelling = isTelling
    isFinite = values.allSatisfy(\.isFinite)
    elements = zip(values, states.range(step)).map { value, index in
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
}
