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
    let singles = explaining(catalogue.singles.map { [$0] })
    return singles.isEmpty ? explaining(pairs(catalogue.forPairs)) : singles
  }

  private func pairs(_ hypotheses: [Hypothesis]) -> [[Hypothesis]] {
    hypotheses.indices.flatMap { i in
      hypotheses[(i + 1)...].filter { $0.aspect != hypotheses[i].aspect }.map { [hypotheses[i], $0] }
    }
  }

  private func explaining(_ candidates: [[Hypothesis]]) -> [Finding] {
    let probe = probeSteps
    let ratios = candidates.concurrentMap { maxRatio($0, probe: probe) }
    var findings: [Finding] = []
    for (candidate, ratio) in zip(candidates, ratios) {
      let name = candidate.map(\.name).joined(separator: "+")
      // Several layers may hold an initial state of this shape; one finding says it.
      guard let ratio, !findings.contains(where: { $0.hypothesis == name }) else { continue }
      findings.append(
        Finding(
          hypothesis: name, explains: true, maxBoundRatio: ratio,
          says: "\(context.subject) \(HypothesisGuide.sentence(candidate.map(\.name)))"))
    }
    return findings.markedEquivalent
  }

  /// Largest r/ρ if the hypotheses together explain every element; nil if they do not.
  private func maxRatio(_ hypotheses: [Hypothesis], probe: [StepIndex]) -> Double? {
    var problem = context.problem
    for hypothesis in hypotheses { hypothesis.apply(&problem) }
    let arithmetic = WorkingArithmetic(format)
    if problem.isTeacherForced {
      var few = problem
      few.steps = probe
      let result = few.evaluated(in: arithmetic)
      let isPossible = result.states.allSatisfy { _, elements in
        zip(elements.residual, elements.bound).allSatisfy { $0 <= $1 }
      }
      guard isPossible else { return nil }
    }
    let assessment = problem.assessed(in: arithmetic)
    guard assessment.explainsAll, problem.judgeableSteps.count == problem.steps.count,
      problem.contradictions(in: arithmetic, rounding: nil).isEmpty
    else { return nil }
    return assessment.summary.maxRatio
  }

  /// A few steps: the first flagged ones in processing order, and some from everywhere.
  private var probeSteps: [StepIndex] {
    let order = context.problem.direction == .forward ? flagged.sorted() : flagged.sorted(by: >)
    let early = Set(order.prefix(2))
    let steps = context.problem.steps
    let spread = stride(from: 0, to: steps.count, by: max(1, steps.count / 4)).map { steps[$0] }
    return Array(steps.filter { early.contains($0.t) }.prefix(4)) + spread
  }
}
