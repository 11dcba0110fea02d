import Recurrent

/// The results of a problem, window after window, as often as they are asked for: a problem of one window is evaluated
/// once, a longer one anew each time.
struct PassResults: Sendable {
  let problem: StepwiseProblem
  let arithmetic: ErrorModel
  let rounding: OperandRounding?
  private let prepared: PreparedWeights?
  private let windows: [Range<Int>]
  private var kept: Window?

  struct Window: Sendable {
    let window: ProblemWindow
    let judged: [StepIndex]
    /// Those whose premises are not finite.
    let unjudgeable: [StepIndex]
    /// Block by block, in the order of the steps.
    let blocks: [(result: StepwiseResult, summary: BlockSummary)]
  }

  init(
    _ problem: StepwiseProblem, in arithmetic: ErrorModel, rounding: OperandRounding?,
    prepared: PreparedWeights?
  ) {
    self.problem = problem
    self.arithmetic = arithmetic
    self.rounding = rounding
    self.prepared = prepared
    windows = problem.windowsInOrder
  }

  /// The same, with nothing in memory.
  var withoutKept: PassResults {
    var results = self
    results.kept = nil
    return results
  }

  /// Of timestep t, the element with the largest r/ρ; ties go to the lowest sequence, then to h, then to the lowest
  /// unit. What may overflow is left out.
  func worst(at t: Int) -> FlaggedElement? {
    var problem = problem
    problem.chosen = (0..<problem.valid.batch).filter { problem.valid.contains(t, $0) }.map {
      StepIndex(t: t, b: $0)
    }
    var worst = WorstElements()
    problem.evaluateChosen(in: arithmetic, rounding: rounding) { worst.add(WorstElements($0)) }
    return worst[t]
  }

  mutating func forEach(_ body: (Window) -> Void) {
    if let kept { return body(kept) }
    var evaluator = BoundEvaluator(problem, in: arithmetic, rounding: rounding, prepared: prepared)
    var judgeable = JudgeableSteps(problem)
    for times in windows {
      let window = ProblemWindow(problem, times)
      let (judged, unjudgeable) = judgeable.split(window)
      let results = Window(
        window: window, judged: judged, unjudgeable: unjudgeable,
        blocks: evaluator.results(window, steps: judged) { ($0, BlockSummary($0, in: window)) })
      if windows.count == 1 { kept = results }
      body(results)
    }
  }
}
