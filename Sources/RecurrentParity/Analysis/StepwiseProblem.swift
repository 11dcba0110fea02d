import Recurrent

/// One step of one sequence: input time t, sequence b.
struct StepIndex: Hashable, Sendable {
  let t: Int
  let b: Int
}

/// A teacher-forced check of one direction of one layer: every recorded state against one step of the formula
/// from the recorded past, so that no earlier error leaks in.
struct StepwiseProblem: Sendable {
  var cell: Cell<Double>
  var direction: Direction
  /// What the layer was fed, `(T, B, I)`.
  var input: BatchedSequence<Double>
  /// The states to judge, `(T, B, H)`.
  var target: BatchedSequence<Double>
  /// The states that the steps start from, `(T, B, H)`; usually the target itself.
  var previous: BatchedSequence<Double>
  /// `(B, H)`; nil means zeros.
  var initialState: Matrix<Double>?
  /// Valid steps of each sequence.
  var lengths: [Int]
  /// Which steps to judge.
  var steps: [StepIndex]
  /// How far a conversion may have rounded the cell's parameters.
  var conversion = ConversionRoundoff.none
  /// The states as the framework returned them in its output, `(T, B, H)`, where that is recorded.
  var returned: BatchedSequence<Double>?
  /// `(B, H)`: the last states as the framework returned them, where that is recorded.
  var finalState: Matrix<Double>?

  /// Every valid step, in the order of time.
  static func allSteps(lengths: [Int], timesteps: Int) -> [StepIndex] {
    (0..<timesteps).flatMap { t in
      lengths.indices.filter { t < lengths[$0] }.map { StepIndex(t: t, b: $0) }
    }
  }

  var hiddenSize: Int { target.features }

  /// The state that step `(t, b)` starts from, in `previous` or the initial state.
  func past(_ step: StepIndex) -> ArraySlice<Double> {
    if let before = direction.previous(step.t, length: lengths[step.b]) {
      return previous.elements[previous.range(before, step.b)]
    }
    return initialState?.row(step.b) ?? ArraySlice(repeating: 0, count: hiddenSize)
  }

  /// Whether the step's input and past are finite, so that the formula can be evaluated.
  func hasFinitePremises(_ step: StepIndex) -> Bool {
    past(step).allSatisfy(\.isFinite)
      && input.elements[input.range(step.t, step.b)].allSatisfy(\.isFinite)
  }
}

/// How far a conversion from another convention may have rounded a cell's parameters, relative.
struct ConversionRoundoff: Equatable, Sendable {
  var weights = 0.0
  var biases = 0.0

  /// A cell with its own parameters.
  static let none = ConversionRoundoff()
}

/// What the formula says of every judged state, element by element.
struct StepwiseResult: Sendable {
  let steps: [StepIndex]
  let hiddenSize: Int
  /// Each `steps.count · H` values.
  var midpoint: [Double] = []
  /// `r = |h_ref − F|`.
  var residual: [Double] = []
  /// ρ: no honest evaluation is further off.
  var bound: [Double] = []
  /// σ: how far off one is expected to be.
  var scale: [Double] = []
}

extension StepwiseProblem {
  /// Rows of one block: enough for the product to reuse the weights, few enough to stay in cache.
  private static let blockRows = 64

  /// Evaluates the formula on all steps, in blocks of rows: with the past known, timesteps are independent.
  func evaluated(in arithmetic: WorkingArithmetic, rounding: OperandRounding? = nil) -> StepwiseResult {
    let certified = CertifiedArithmetic(arithmetic: arithmetic, rounding: rounding)
    let step = CellAnalysis(cell, conversion: conversion, in: certified)
    let inputsAreHeld = input.elements.allSatisfy(arithmetic.format.holds)
    let blocks = blocks().concurrentMap { block in
      step(
        x: Bounded(
          rows: block.count, columns: input.features, midpoint: inputs(of: block),
          radius: inputsAreHeld ? .none : .relative(arithmetic.operandRoundoff), scale: .none),
        h: Bounded(
          rows: block.count, columns: hiddenSize, midpoint: pasts(of: block),
          radius: .relative(arithmetic.recordedRoundoff), scale: .none))
    }
    var result = StepwiseResult(steps: steps, hiddenSize: hiddenSize)
    for block in blocks {
      result.midpoint += block.midpoint
      result.bound += block.radii
      result.scale += block.scales
    }
    result.residual = zip(targets(of: steps[...]), result.midpoint).map { ($0 - $1).magnitude }
    return result
  }

  /// The residuals of the control: the same steps in the run's own scalar type.
  func controlResiduals<S: Scalar>(
    _ type: S.Type, rounding: OperandRounding?, against result: StepwiseResult
  ) -> [Double] {
    let control = ControlArithmetic<S>(rounding: rounding)
    let step = CellAnalysis(cell, conversion: .none, in: control)
    let values = blocks().concurrentMap { block in
      step(
        x: Matrix(rows: block.count, columns: input.features, elements: inputs(of: block).map { S($0) }),
        h: Matrix(rows: block.count, columns: hiddenSize, elements: pasts(of: block).map { S($0) })
      ).elements
    }
    return zip(values.joined(), result.midpoint).map { (Double($0) - $1).magnitude }
  }

  private func blocks() -> [ArraySlice<StepIndex>] {
    stride(from: 0, to: steps.count, by: Self.blockRows).map {
      steps[$0..<min($0 + Self.blockRows, steps.count)]
    }
  }

  private func inputs(of block: ArraySlice<StepIndex>) -> [Double] {
    block.flatMap { input.elements[input.range($0.t, $0.b)] }
  }

  private func pasts(of block: ArraySlice<StepIndex>) -> [Double] { block.flatMap(past) }

  private func targets(of block: ArraySlice<StepIndex>) -> [Double] {
    block.flatMap { target.elements[target.range($0.t, $0.b)] }
  }
}

extension Bounded {
  /// The radius of every element.
  var radii: [Double] { values(radius) }
  /// The scale of every element.
  var scales: [Double] { values(scale) }

  private func values(_ spread: Spread) -> [Double] {
    switch spread {
    case .none: [Double](repeating: 0, count: midpoint.count)
    case .relative(let factor): midpoint.map { factor * $0.magnitude }
    case .each(let values): values
    }
  }
}
