import Recurrent

/// Judges passes of which only what the framework returned is recorded, against the bound that is propagated
/// from the initial state.
struct OutputsJudgement {
  let record: ReturnedRecord
  let layer: Int

  /// One for each problem. Without anything recorded there is no timestep, and nothing is decided.
  func judgements() -> [PassJudgement] {
    let propagated = record.problems.map { $0.propagated(in: record.arithmetic) }
    var claims = record.problems.map { Claims($0, output: record.output) }
    // A merged output is a claim of every pass.
    if let valid = record.problems.first?.valid {
      record.outputClaims(propagated, valid: valid) { claim in
        for index in claims.indices { claims[index].add(claim) }
      }
    }
    return record.problems.indices.map { pass in
      let problem = record.problems[pass]
      record.finalClaims(pass: pass, propagated) { claims[pass].add($0) }
      let format = record.arithmetic.format
      return claims[pass].judgement(
        problem.emptySequenceContradictions(format: format), format: format,
        at: FindingPlace(layer: layer, direction: problem.direction))
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

  mutating func add(_ claim: ReturnedClaim) {
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
