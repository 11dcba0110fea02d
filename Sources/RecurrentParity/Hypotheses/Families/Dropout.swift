import Recurrent

/// Dropout in front of the layer: each of its inputs was 0 or divided by 1 − p.
///
/// Which it was is found step by step from the states, p from the first steps alone: that each input has one of two
/// values is what the other steps have to show.
extension HypothesisCatalogue {
  var dropout: [Hypothesis] {
    guard problem.previous.h != nil, hasFrameworkFormula,
      cell.inputSize <= InputSolver.mostInputs,
      isWorth(evaluating: InputSolver.evaluations(inputs: cell.inputSize)),
      let solver = InputSolver(problem, tolerance: fittingTolerance)
    else { return [] }
    let first = solver.first
    guard let factor = solver.factor(of: first) ?? solver.triedFactor(of: first),
      let kept = solver.kept(factor)
    else { return [] }
    let dropped = problem.input.multiplied(by: kept)
    let p = 1 - 1 / factor
    return [
      Hypothesis(
        Mistake(.inputDropout, "\((10000 * p).rounded() / 10000)"), .input,
        fit: .init(elements: 1, steps: Set(first.map(\.index))),
        .problem { $0.input = dropped })
    ]
  }
}

extension LayerInput {
  /// Each value, and how far it may be from it, times a factor.
  fileprivate func multiplied(by factors: BatchedSequence<Double>) -> LayerInput {
    func multiplied(_ sequence: RecordedSequence) -> RecordedSequence {
      sequence.mapped(storage: .float64) { first, window in
        let start = first * window.batch * window.features
        return zip(window.elements, factors.elements[start...]).map { $0 * $1 }
      }
    }
    return LayerInput(
      values: multiplied(values), spread: spread.map { (multiplied($0.radius), multiplied($0.scale)) })
  }
}

/// What a layer must have read, step by step.
private struct InputSolver {
  private let problem: StepwiseProblem
  private let cell: Cell<Double>
  /// The first steps of the first sequence.
  let first: [RecordedStep]

  private let tolerance: Double

  static let mostInputs = 64
  private static let firstSteps = 3
  private static let mostTried = 8
  /// What the search for an input begins with, as multiples of what was fed: without c, an input is not always found
  /// from the first.
  private static let starts = [1, 1.25, 2, 0.5]

  /// About as many, where no input fits.
  static func evaluations(inputs: Int) -> Int { starts.count * 6 * (inputs + 2) }

  /// Nil where the states do not determine the input.
  init?(_ problem: StepwiseProblem, tolerance: Double) {
    self.problem = problem
    self.tolerance = tolerance
    cell = problem.cell
    let equations = cell.stateSize + (problem.target.c == nil ? 0 : cell.hiddenSize)
    guard cell.inputSize <= equations,
      let b = (0..<problem.valid.batch).first(where: { problem.valid.counts[$0] > Self.firstSteps })
    else { return nil }
    let times = problem.valid.times(b, problem.direction).prefix(Self.firstSteps)
    first = times.compactMap { RecordedStep(StepIndex(t: $0, b: b), of: problem) }
    guard first.count == Self.firstSteps else { return nil }
  }

  /// 1 / (1 − p), where all inputs of the steps are 0 or that many times what was fed.
  func factor(of steps: [RecordedStep]) -> Double? {
    var ratios: [Double] = []
    var c = start(steps[0].index.b)
    for var step in steps {
      step.c = step.c ?? c
      guard let read = solved(step) else { return nil }
      c = step.next(cell, inputs: [read]).c.map(\.elements)
      let largest = step.x.map(\.magnitude).max() ?? 0
      ratios += zip(read, step.x).filter { $1.magnitude > 0.1 * largest }.map { $0 / $1 }
    }
    let kept = ratios.filter { $0.magnitude > 0.5 }.sorted()
    guard let median = kept.isEmpty ? nil : kept[kept.count / 2], kept.count < ratios.count, median > 1.001
    else { return nil }
    guard ratios.allSatisfy({ $0.magnitude < 0.01 || ($0 - median).magnitude < 0.01 * median })
    else { return nil }
    // A probability has few digits.
    let p = (1000 * (1 - 1 / median)).rounded() / 1000
    return p < 1 ? 1 / (1 - p) : nil
  }

  /// The same where the states do not determine the input one after the other: of few inputs, every choice is tried.
  func triedFactor(of steps: [RecordedStep]) -> Double? {
    guard var step = steps.first, step.x.count <= Self.mostTried else { return nil }
    step.c = step.c ?? start(step.index.b)
    let known = step
    let fitting = (1..<20).map { 1 / (1 - 0.05 * Double($0)) }.filter { tried(known, $0) != nil }
    return fitting.count == 1 ? fitting[0] : nil
  }

  /// What of the step's inputs was kept, times the factor; nil where no choice makes the recorded states.
  private func tried(_ step: RecordedStep, _ factor: Double) -> [Double]? {
    guard step.x.count <= Self.mostTried else { return nil }
    let choices = (0..<1 << step.x.count).map { bits in
      step.x.enumerated().map { bits >> $0.offset & 1 == 1 ? factor * $0.element : 0 }
    }
    let residuals = step.residuals(cell, inputs: choices)
    return choices.indices.first { residuals[$0].allSatisfy { $0.magnitude < tolerance } }.map { choices[$0] }
  }

  /// What each input `(T, B, I)` was multiplied with, 0 or the factor; nil where a step's can't be solved for.
  func kept(_ factor: Double) -> BatchedSequence<Double>? {
    let values = problem.input.values
    var result = BatchedSequence<Double>(zeros: values.timesteps, values.batch, values.features)
    for b in 0..<problem.valid.batch {
      var c = start(b)
      for t in problem.valid.times(b, problem.direction) {
        guard var step = RecordedStep(StepIndex(t: t, b: b), of: problem) else { return nil }
        step.c = step.c ?? c
        let solution = { [step] in
          solved(step).map { read in
            zip(read, step.x).map { 2 * ($0 * $1) > factor * $1 * $1 ? factor * $1 : 0 }
          }
        }
        guard let kept = tried(step, factor) ?? solution() else { return nil }
        c = step.next(cell, inputs: [kept]).c.map(\.elements)
        result.elements.replaceSubrange(
          result.range(t, b), with: zip(kept, step.x).map { $0 == 0 && $1 != 0 ? 0 : factor })
      }
    }
    return result
  }

  private func start(_ b: Int) -> [Double]? {
    guard cell.kind == .lstm else { return nil }
    return problem.initialState?.c.map { Array($0.row(b)) } ?? [Double](repeating: 0, count: cell.hiddenSize)
  }

  private func solved(_ step: RecordedStep) -> [Double]? {
    Self.starts.lazy.compactMap { start in
      LeastSquares.solved(from: step.x.map { start * $0 }, within: tolerance) {
        step.residuals(cell, inputs: [$0])[0]
      }
    }.first
  }
}
