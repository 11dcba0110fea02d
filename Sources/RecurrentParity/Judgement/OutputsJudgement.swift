import Recurrent

/// Judges passes of which only what the framework returned is recorded, against the bound that is propagated
/// from the initial state.
struct OutputsJudgement {
  let problems: [StepwiseProblem]
  let merge: MergeMode
  /// The merged output, where it is recorded.
  let output: BatchedSequence<Double>?
  let format: FloatFormat
  let layer: Int

  /// One for each problem. Without anything recorded there is no timestep, and nothing is decided.
  func judgements() -> [PassJudgement] {
    let arithmetic = ErrorModel(format)
    let propagated = problems.map { $0.propagated(in: arithmetic) }
    let merged = merge.merged(propagated.map(\.states.h), in: arithmetic)
    return zip(problems, propagated).map { problem, states in
      var claims: [Claim] = []
      if let output {
        claims += problem.steps.map { step in
          Claim(
            step, .h, ArraySlice(output.elements[output.range(step.t, step.b)]), merged,
            isTelling: propagated.allSatisfy { $0.isTelling(step.t) })
        }
      }
      for kind in StateKind.allCases {
        guard let final = problem.finalState[kind], let sequence = states.states[kind] else { continue }
        claims += problem.lastSteps.map { step in
          Claim(step, kind, final.row(step.b), sequence, isTelling: states.isTelling(step.t))
        }
      }
      return judgement(
        of: claims, problem.emptySequenceContradictions(format: format), direction: problem.direction)
    }
  }

  private func judgement(
    of claims: [Claim], _ contradictions: [Contradiction], direction: Direction
  ) -> PassJudgement {
    let place = FindingPlace(layer: layer, direction: direction)
    var verdicts = TimestepVerdicts(claims.map(\.step.t))
    var statistics: [Int: RoundoffStatistics] = [:]
    for claim in claims {
      claim.add(to: &statistics[claim.step.t, default: RoundoffStatistics()])
      verdicts.flag(claim.step.t, claim.verdict, claim.worst)
    }
    for contradiction in contradictions {
      verdicts.flag(contradiction.element.timestep, contradiction.verdict, contradiction.element)
    }
    let undecided = claims.filter { $0.verdict == .inconclusive }.map(\.step)
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
      direction: direction, evidence: .outputs, format: format,
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
    _ step: StepIndex, _ kind: StateKind, _ values: ArraySlice<Double>, _ states: BoundedSequence,
    isTelling: Bool
  ) {
    self.step = step
    self.kind = kind
    self.isTelling = isTelling
    isFinite = values.allSatisfy(\.isFinite)
    elements = zip(values, states.midpoint.range(step.t, step.b)).map { value, index in
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
