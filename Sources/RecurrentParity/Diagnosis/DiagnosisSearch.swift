import Recurrent

/// Replaces the formula by each hypothesis and sees whether the recorded states are then exact to rounding.
///
/// Teacher forcing makes the search separable: only this layer and direction is computed again. Most hypotheses
/// fall on a few rows, so each is first tried on those.
struct DiagnosisSearch {
  let context: DiagnosisContext
  let format: FloatFormat
  /// The timesteps that were flagged: where a hypothesis has to show itself first.
  let flagged: Set<Int>

  /// What explains the run, the simplest first; empty where nothing does.
  func findings() -> [Finding] {
    let catalogue = HypothesisCatalogue(context: context)
    let singles = catalogue.singles
    let prepared = prepared(singles)
    let findings = explaining(singles.map { [$0] }, prepared: prepared)
    return findings.isEmpty ? explaining(pairs(catalogue.forPairs), prepared: prepared) : findings
  }

  /// All weights that any of the hypotheses uses; pairs use the same.
  private func prepared(_ hypotheses: [Hypothesis]) -> PreparedWeights {
    let cells = hypotheses.map { hypothesis in
      var problem = context.problem
      hypothesis.apply(&problem)
      return problem.cell
    }
    return PreparedWeights(
      [context.problem.cell] + cells, roundoff: context.problem.conversion.weights,
      in: ErrorModel(format))
  }

  private func pairs(_ hypotheses: [Hypothesis]) -> [[Hypothesis]] {
    hypotheses.indices.flatMap { i in
      hypotheses[(i + 1)...].filter { $0.aspect != hypotheses[i].aspect }.map { [hypotheses[i], $0] }
    }
  }

  private func explaining(_ candidates: [[Hypothesis]], prepared: PreparedWeights) -> [Finding] {
    let ratios = candidates.concurrentMap { ratio(assuming: $0, prepared: prepared) }
    var findings: [Finding] = []
    for (candidate, ratio) in zip(candidates, ratios) {
      let subject = Finding.Subject.mistake(candidate.map(\.mistake))
      // Several layers may hold an initial state of this shape; one finding says it.
      guard let ratio, !findings.contains(where: { $0.subject == subject }) else { continue }
      findings.append(
        Finding(
          subject, explains: .all, at: context.place.at(timesteps: flagged), maxBoundRatio: ratio))
    }
    return findings.markedEquivalent
  }

  /// Largest r/ρ if the hypotheses together explain every element; nil if they do not.
  private func ratio(assuming hypotheses: [Hypothesis], prepared: PreparedWeights) -> Double? {
    var problem = context.problem
    for hypothesis in hypotheses { hypothesis.apply(&problem) }
    let arithmetic = ErrorModel(format)
    if problem.isTeacherForced {
      let steps = problem.probedSteps(flagged)
      // Nearly all fall on any step: one first, then all.
      for steps in [Array(steps.prefix(1)), steps] {
        let probe = problem.sampled(steps)
        guard probe.evaluated(in: arithmetic, prepared: prepared).explainedShare() == 1 else { return nil }
      }
    }
    let assessment = problem.assessed(in: arithmetic, prepared: prepared)
    guard assessment.explainsAll, assessment.unjudgeable.isEmpty,
      problem.contradictions(as: .asStored(format), assessment).isEmpty
    else { return nil }
    return assessment.figures.maxBoundRatio
  }
}
