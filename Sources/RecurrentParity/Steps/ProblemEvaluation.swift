import Recurrent

extension StepwiseProblem {
  /// Holds the recorded states against the formula, with bound and scale.
  func evaluated(
    in arithmetic: ErrorModel, rounding: OperandRounding? = nil, prepared: PreparedWeights? = nil
  ) -> StepwiseResult {
    let judged = judgeableSteps
    let radius = RecordedRadius(
      input: input.isHeld(by: arithmetic.format) ? .none : .relative(arithmetic.operandRoundoff),
      state: .relative(arithmetic.recordedRoundoff))
    guard let rounding, rounding.isAutocast else {
      let certified = CertifiedArithmetic(arithmetic: arithmetic, rounding: rounding, prepared: prepared)
      return collected(evaluated(judged, in: certified, radius: radius), steps: judged)
    }
    let autocast = AutocastArithmetic(arithmetic, rounding: rounding)
    let blocks = evaluated(judged, in: autocast, radius: radius).map {
      EvaluatedBlock<CertifiedArithmetic>(
        steps: $0.steps, states: StatePair(h: $0.states.h.block, c: $0.states.c?.block))
    }
    return collected(blocks, steps: judged)
  }

  /// The residuals of the control, aligned with the elements of `result`.
  func controlResiduals(
    _ order: SummationOrder, in arithmetic: ErrorModel, rounding: OperandRounding?,
    against result: StepwiseResult
  ) -> [[Double]] {
    switch arithmetic.format {
    case .float64:
      controlResiduals(ControlArithmetic<Double>(order: order, rounding: rounding), against: result)
    case .float32:
      controlResiduals(ControlArithmetic<Float>(order: order, rounding: rounding), against: result)
    case let format:
      controlResiduals(
        ControlArithmetic<Float>(order: order, format: format, rounding: rounding), against: result)
    }
  }

  private func controlResiduals<S: Scalar>(
    _ control: ControlArithmetic<S>, against result: StepwiseResult
  ) -> [[Double]] {
    let blocks = evaluated(result.steps, in: control, radius: RecordedRadius(input: .none, state: .none))
    return result.states.map { kind, elements in
      let values = rows(of: blocks, steps: result.steps) { block, row in
        block.states[kind].map { S.widened(Array($0.row(row))) } ?? []
      }
      return zip(values, elements.midpoint).map { ($0 - $1).magnitude }
    }
  }

  private func collected(
    _ blocks: [EvaluatedBlock<CertifiedArithmetic>], steps: [StepIndex]
  ) -> StepwiseResult {
    let kinds = StateKind.allCases.filter { target[$0] != nil }
    return StepwiseResult(
      steps: steps,
      states: kinds.map { kind in
        let values = blocks.map { $0.states[kind] }
        let spreads = values.map { (radii: $0?.radii ?? [], scales: $0?.scales ?? []) }
        var results = ElementResults(width: target[kind]?.features ?? 0)
        let width = results.width
        func gather(_ part: (Int) -> [Double]) -> [Double] {
          let parts = blocks.indices.map(part)
          return rows(of: blocks.indices.map { ($0, blocks[$0].steps) }, steps: steps) { block, row in
            parts[block][row * width..<(row + 1) * width]
          }
        }
        results.midpoint = gather { values[$0]?.midpoint ?? [] }
        results.bound = gather { spreads[$0].radii }
        results.scale = gather { spreads[$0].scales }
        if printing > 0 {
          results.bound = results.bound.map { $0 + printing }
          results.scale = results.scale.map { max($0, printing) }
        }
        let recorded = steps.flatMap { step in
          target[kind].map { $0.elements[$0.range(step.t, step.b)] } ?? []
        }
        results.isJudgeable = zip(recorded, results.bound).map { $0.isFinite && !$1.isNaN }
        results.mayOverflow = zip(recorded, results.bound).map { $0.isFinite && $1.isNaN }
        results.residual = zip(recorded, results.midpoint).map { ($0 - $1).magnitude }
        return (kind, results)
      })
  }

  private func rows<A: StepArithmetic>(
    of blocks: [EvaluatedBlock<A>], steps: [StepIndex], _ row: (EvaluatedBlock<A>, Int) -> [Double]
  ) -> [Double] {
    rows(of: blocks.indices.map { ($0, blocks[$0].steps) }, steps: steps) { row(blocks[$0], $1)[...] }
  }

  /// The rows of the given steps, in their order.
  private func rows(
    of blocks: [(index: Int, steps: [StepIndex])], steps: [StepIndex], _ row: (Int, Int) -> ArraySlice<Double>
  ) -> [Double] {
    // In blocks of a teacher-forced problem the rows are the steps, in order.
    if isTeacherForced {
      return blocks.flatMap { block in block.steps.indices.flatMap { row(block.index, $0) } }
    }
    var places: [StepIndex: (block: Int, row: Int)] = [:]
    for block in blocks {
      for (index, step) in block.steps.enumerated() { places[step] = (block.index, index) }
    }
    return steps.flatMap { step in places[step].map { row($0.block, $0.row) } ?? [] }
  }
}
