import Recurrent

/// Holds the recorded states against the formula, with bound and scale, window after window.
struct BoundEvaluator: Sendable {
  private let problem: StepwiseProblem
  private var steps: Steps

  private enum Steps: Sendable {
    case certified(StepEvaluator<CertifiedArithmetic>)
    case autocast(StepEvaluator<AutocastArithmetic>)
  }

  init(
    _ problem: StepwiseProblem, in arithmetic: ErrorModel, rounding: OperandRounding? = nil,
    prepared: PreparedWeights? = nil
  ) {
    self.problem = problem
    let radius = RecordedRadius(problem, in: arithmetic)
    if let rounding, rounding.isAutocast {
      steps = .autocast(
        StepEvaluator(problem, in: AutocastArithmetic(arithmetic, rounding: rounding), radius: radius))
    } else {
      let certified = CertifiedArithmetic(arithmetic: arithmetic, rounding: rounding, prepared: prepared)
      steps = .certified(StepEvaluator(problem, in: certified, radius: radius))
    }
  }

  /// What becomes of the judged steps of a window, block by block.
  mutating func results<Result: Sendable>(
    _ window: ProblemWindow, steps judged: [StepIndex],
    _ reduce: @escaping @Sendable (StepwiseResult) -> Result
  ) -> [Result] {
    let problem = problem
    // Of what is carried along, whole timesteps are evaluated.
    let wanted = problem.isTeacherForced ? nil : Set(judged)
    let result = { @Sendable (steps: ArraySlice<StepIndex>, states: StatePair<Bounded, Bounded?>) in
      reduce(problem.result(steps, states, judged: wanted, in: window))
    }
    switch steps {
    case .certified(var evaluator):
      defer { steps = .certified(evaluator) }
      return evaluator.blocks(window, steps: judged) { result($0.steps, $0.states) }
    case .autocast(var evaluator):
      defer { steps = .autocast(evaluator) }
      return evaluator.blocks(window, steps: judged) {
        result($0.steps, StatePair(h: $0.states.h.block, c: $0.states.c?.block))
      }
    }
  }
}

extension StepwiseProblem {
  /// - Parameter judged: which rows are; nil for all.
  fileprivate func result(
    _ steps: ArraySlice<StepIndex>, _ states: StatePair<Bounded, Bounded?>, judged: Set<StepIndex>?,
    in window: ProblemWindow
  ) -> StepwiseResult {
    let kept = steps.enumerated().filter { judged?.contains($0.element) ?? true }
    let rows = kept.map(\.offset)
    return StepwiseResult(
      steps: kept.map(\.element),
      states: StateKind.allCases.compactMap { kind in
        target[kind].map { sequence in
          let recorded = kept.map { window.recorded(kind, $0.element) }
          return (
            kind,
            ElementResults(
              states[kind], rows: rows, width: sequence.features, recorded: recorded, printing: printing)
          )
        }
      })
  }
}

extension StepwiseProblem {
  /// Holds the recorded states of every chosen step against the formula: for problems of a few steps.
  func evaluated(
    in arithmetic: ErrorModel, rounding: OperandRounding? = nil, prepared: PreparedWeights? = nil
  ) -> StepwiseResult {
    var evaluator = BoundEvaluator(self, in: arithmetic, rounding: rounding, prepared: prepared)
    var judgeable = JudgeableSteps(self)
    var all = StepwiseResult(
      steps: [],
      states: StateKind.allCases.compactMap { kind in
        target[kind].map { (kind, ElementResults(width: $0.features)) }
      })
    for times in windowsInOrder {
      let window = ProblemWindow(self, times)
      for result in evaluator.results(window, steps: judgeable.split(window).judged, { $0 }) {
        all.append(result)
      }
    }
    return all
  }
}
