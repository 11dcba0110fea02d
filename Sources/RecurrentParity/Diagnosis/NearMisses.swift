import Recurrent

/// What comes nearest where nothing explains a run: a hint at where the fault lies, and no name for it.
extension DiagnosisSearch {
  /// So many are told.
  private static let told = 2
  /// So many are tried on more than the probe.
  private static let tried = 4
  /// What leaves more over than this is not near.
  private static let mostLeft = 0.5
  /// More steps than these are not needed for a share.
  private static let sampledSteps = 256

  /// The hypotheses that leave least over of what is beyond its bound, the nearest first; empty where none comes near.
  func nearest() -> [RemainderShape.NearMiss] {
    let problem = context.problem
    let singles = HypothesisCatalogue(context: context).singles
    guard let declared = probe(problem) else { return [] }
    let share = declared.explainedShare(by: problem.cell)
    let starts = StartCache(problem) { probe($0) }
    let candidates = singles.concurrentMap { hypothesis -> (Hypothesis, Double)? in
      let start = starts.start(for: Composition(hypothesis))
      guard let probe = start.probe else { return nil }
      let cell = Composition(hypothesis).cell(changing: start.problem.cell)
      return (hypothesis, probe.explainedShare(by: cell))
    }.compactMap { $0 }.filter { $0.1 > share }.sorted { $0.1 > $1.1 }.prefix(Self.tried)
    let steps = sampledSteps
    let beyond = count(beyond: problem, steps)
    guard !candidates.isEmpty, beyond > 0 else { return [] }
    return candidates.map { hypothesis, _ in
      let changed = Composition(hypothesis).applied(to: problem)
      return RemainderShape.NearMiss(
        mistakes: [hypothesis.mistake], left: Double(count(beyond: changed, steps)) / Double(beyond))
    }.filter { $0.left <= Self.mostLeft }.sorted { $0.left < $1.left }.prefix(Self.told).map { $0 }
  }

  private func probe(_ problem: StepwiseProblem) -> FormulaProbe? {
    FormulaProbe(problem, flagged: flagged, unit: nil, in: ErrorModel(context.format), prepared: nil)
  }

  /// Nil for all of them.
  private var sampledSteps: [StepIndex]? {
    let problem = context.problem
    guard problem.isTeacherForced, problem.stepCount > Self.sampledSteps else { return nil }
    let every = (problem.stepCount + Self.sampledSteps - 1) / Self.sampledSteps
    return problem.steps(numbers: Array(stride(from: 0, to: problem.stepCount, by: every)))
  }

  private func count(beyond problem: StepwiseProblem, _ steps: [StepIndex]?) -> Int {
    (steps.map(problem.sampled) ?? problem).assessed(in: ErrorModel(context.format)).beyond.count
  }
}
