import Recurrent

/// What honest arithmetic is off by on a problem's own data, window after window: by each order of summation, or by an
/// activation library that is off in one direction everywhere, whichever is more.
struct ControlResiduals: Sendable {
  private var orders: [OrderEvaluator]
  private var systematic: BoundEvaluator

  init(_ problem: StepwiseProblem, in arithmetic: ErrorModel, rounding: OperandRounding?) {
    orders = SummationOrder.allCases.map {
      OrderEvaluator(problem, order: $0, in: arithmetic, rounding: rounding)
    }
    systematic = BoundEvaluator(problem, in: arithmetic.systematicActivationOnly, rounding: rounding)
  }

  /// For each order and each block of the window, the residuals of each state, aligned with the block's elements.
  mutating func residuals(_ results: PassResults.Window) -> [[[[Double]]]] {
    let systematicBounds = systematic.results(results.window, steps: results.judged) { result in
      result.states.map(\.elements.bound)
    }
    let evaluated = orders.concurrentMap { order in
      var order = order
      let residuals = order.residuals(results)
      return (order: order, residuals: residuals)
    }
    orders = evaluated.map(\.order)
    return evaluated.map { order in
      zip(order.residuals, systematicBounds).map { block, bounds in
        zip(block, bounds).map { zip($0, $1).map(max) }
      }
    }
  }
}

/// One order of summation, in the scalar type that the arithmetic is computed in.
private struct OrderEvaluator: Sendable {
  private var steps: Steps
  private let isTeacherForced: Bool

  private enum Steps: Sendable {
    case float(StepEvaluator<ControlArithmetic<Float>>)
    case double(StepEvaluator<ControlArithmetic<Double>>)
  }

  init(
    _ problem: StepwiseProblem, order: SummationOrder, in arithmetic: ErrorModel, rounding: OperandRounding?
  ) {
    let exact = RecordedRadius(input: .none, state: .none)
    isTeacherForced = problem.isTeacherForced
    switch arithmetic.format {
    case .float64:
      steps = .double(
        StepEvaluator(
          problem, in: ControlArithmetic<Double>(order: order, rounding: rounding), radius: exact))
    case let format:
      steps = .float(
        StepEvaluator(
          problem,
          in: ControlArithmetic<Float>(
            order: order, format: format == .float32 ? nil : format, rounding: rounding), radius: exact))
    }
  }

  mutating func residuals(_ results: PassResults.Window) -> [[[Double]]] {
    switch steps {
    case .float(var evaluator):
      defer { steps = .float(evaluator) }
      return residuals(results, by: &evaluator)
    case .double(var evaluator):
      defer { steps = .double(evaluator) }
      return residuals(results, by: &evaluator)
    }
  }

  private func residuals<S: Scalar>(
    _ results: PassResults.Window, by evaluator: inout StepEvaluator<ControlArithmetic<S>>
  ) -> [[[Double]]] {
    let kinds = results.blocks.first?.result.states.map(\.kind) ?? []
    let wanted = isTeacherForced ? nil : Set(results.judged)
    let values = evaluator.blocks(results.window, steps: results.judged) { block in
      let rows = block.steps.enumerated().filter { wanted?.contains($0.element) ?? true }.map(\.offset)
      return kinds.map { kind in
        block.states[kind].map { matrix in rows.flatMap { S.widened(Array(matrix.row($0))) } } ?? []
      }
    }
    return zip(values, results.blocks).map { values, block in
      zip(values, block.result.states).map { values, state in
        zip(values, state.elements.midpoint).map { ($0 - $1).magnitude }
      }
    }
  }
}
