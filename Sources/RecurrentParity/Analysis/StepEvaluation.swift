import Recurrent

/// The states that the formula gives for some steps.
struct EvaluatedBlock<A: StepArithmetic>: Sendable {
  /// One for each row.
  let steps: [StepIndex]
  let h: A.Value
  let c: A.Value?
}

extension StepwiseProblem {
  /// Rows of one block: enough for the product to reuse the weights, few enough to stay in cache.
  private static let blockRows = 64

  /// Evaluates the formula on the steps.
  ///
  /// With the past recorded, timesteps are independent and go in blocks of rows, on all cores. Otherwise every
  /// timestep follows the one before it, over all sequences; rows of sequences that are not valid there are in
  /// the blocks, but not among `steps`.
  func evaluated<A: StepArithmetic>(
    _ steps: [StepIndex], in arithmetic: A, radius: RecordedRadius
  ) -> [EvaluatedBlock<A>] {
    let step = CellAnalysis(cell, conversion: conversion, in: arithmetic)
    guard isTeacherForced else { return sequence(step, in: arithmetic, radius: radius) }
    let blocks = stride(from: 0, to: steps.count, by: Self.blockRows).map {
      steps[$0..<min($0 + Self.blockRows, steps.count)]
    }
    return blocks.concurrentMap { block in
      let (h, c) = step(
        x: inputs(Array(block), in: arithmetic, radius: radius.input),
        h: pasts(.h, Array(block), in: arithmetic, radius: radius.state)
          ?? arithmetic.known([], rows: 0, radius: .none, scale: .none),
        c: pasts(.c, Array(block), in: arithmetic, radius: radius.state))
      return EvaluatedBlock(steps: Array(block), h: h, c: c)
    }
  }

  /// Runs along the sequence, carrying what is not recorded.
  private func sequence<A: StepArithmetic>(
    _ step: CellAnalysis<A>, in arithmetic: A, radius: RecordedRadius
  ) -> [EvaluatedBlock<A>] {
    let batch = lengths.count
    let start = initialState ?? cell.zeroState(batch: batch)
    var h = arithmetic.known(start.h.elements, rows: batch, radius: radius.state, scale: .none)
    var c = start.c.map { arithmetic.known($0.elements, rows: batch, radius: radius.state, scale: .none) }
    return direction.times(input.values.timesteps).map { t in
      let rows = lengths.indices.map { StepIndex(t: t, b: $0) }
      let next = step(
        x: inputs(rows, in: arithmetic, radius: radius.input),
        h: pasts(.h, rows, in: arithmetic, radius: radius.state) ?? h,
        c: pasts(.c, rows, in: arithmetic, radius: radius.state) ?? c)
      let isValid = lengths.map { t < $0 }
      h.replaceRows(where: isValid, with: next.h)
      if let nextC = next.c { c?.replaceRows(where: isValid, with: nextC) }
      return EvaluatedBlock(steps: rows, h: next.h, c: next.c)
    }
  }

  private func inputs<A: StepArithmetic>(_ rows: [StepIndex], in arithmetic: A, radius: Spread) -> A.Value {
    func gathered(_ elements: [Double]) -> [Double] {
      rows.flatMap { row in
        row.t < lengths[row.b]
          ? elements[input.values.range(row.t, row.b)]
          : ArraySlice(repeating: 0, count: input.values.features)
      }
    }
    let values = gathered(input.values.elements)
    guard let spread = input.spread else {
      return arithmetic.known(values, rows: rows.count, radius: radius, scale: .none)
    }
    return arithmetic.known(
      values, rows: rows.count, radius: .each(gathered(spread.radius)), scale: .each(gathered(spread.scale)))
  }

  /// The recorded pasts of the rows; nil where they are not recorded.
  private func pasts<A: StepArithmetic>(
    _ kind: StateKind, _ rows: [StepIndex], in arithmetic: A, radius: Spread
  ) -> A.Value? {
    guard let features = previous[kind]?.features else { return nil }
    let values = rows.flatMap { row in
      (row.t < lengths[row.b] ? past(kind, row) : nil) ?? ArraySlice(repeating: 0, count: features)
    }
    return arithmetic.known(values, rows: rows.count, radius: radius, scale: .none)
  }
}

extension StepwiseProblem {
  /// A few steps to try a hypothesis on: the first flagged ones in processing order, and some from everywhere.
  func probe(_ flagged: Set<Int>) -> StepwiseProblem {
    let order = direction == .forward ? flagged.sorted() : flagged.sorted(by: >)
    let early = Set(order.prefix(2))
    var probe = self
    let first = steps.filter { early.contains($0.t) }.prefix(4)
    // The later of them come first: where a run begins, states of zero hide what is wrong with their weights.
    probe.steps =
      (direction == .forward ? first.reversed() : Array(first))
      + stride(from: 0, to: steps.count, by: max(1, steps.count / 2)).prefix(2).map { steps[$0] }
    return probe
  }
}

extension StepwiseResult {
  /// The share of elements within their bound, and within a limit of ε.
  func explainedShare(below limit: Double = .infinity) -> Double {
    let count = states.reduce(0) { $0 + $1.elements.residual.count }
    let explained = states.reduce(0) { sum, state in
      sum + state.elements.residual.indices.count { state.elements.isExplained($0, below: limit) }
    }
    return count == 0 ? 1 : Double(explained) / Double(count)
  }
}

extension ElementResults {
  fileprivate func isExplained(_ index: Int, below limit: Double) -> Bool {
    let r = residual[index]
    return r <= bound[index] && (r == 0 || r / scale[index] <= limit)
  }
}

/// How far recorded operands may be from what the run used.
struct RecordedRadius {
  var input: Spread
  var state: Spread
}

/// What the formula says of every judged element of one quantity.
struct ElementResults: Sendable {
  /// H or P.
  let width: Int
  /// Each `steps · width` values.
  var midpoint: [Double] = []
  /// `r = |recorded − F|`
  var residual: [Double] = []
  /// Whether the recorded state is finite; one that is not is invalid rather than inexact.
  var isFinite: [Bool] = []
  /// ρ: no honest evaluation is further off.
  var bound: [Double] = []
  /// σ: how far off one is expected to be.
  var scale: [Double] = []
}

/// What the formula says of every judged state.
struct StepwiseResult: Sendable {
  let steps: [StepIndex]
  /// In the order h, c; only what is recorded.
  let states: [(kind: StateKind, elements: ElementResults)]
}

extension StepwiseProblem {
  /// Holds the recorded states against the formula, with bound and scale.
  func evaluated(
    in arithmetic: WorkingArithmetic, rounding: OperandRounding? = nil, prepared: PreparedWeights? = nil
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
      EvaluatedBlock<CertifiedArithmetic>(steps: $0.steps, h: $0.h.block, c: $0.c?.block)
    }
    return collected(blocks, steps: judged)
  }

  /// The residuals of the control, aligned with the elements of `result`.
  func controlResiduals(
    _ order: SummationOrder, in arithmetic: WorkingArithmetic, rounding: OperandRounding?,
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
        (kind == .h ? block.h : block.c).map { S.widened(Array($0.row(row))) } ?? []
      }
      return zip(values, elements.midpoint).map { ($0 - $1).magnitude }
    }
  }

  private func collected(
    _ blocks: [EvaluatedBlock<CertifiedArithmetic>], steps: [StepIndex]
  ) -> StepwiseResult {
    let kinds = [StateKind.h, .c].filter { target[$0] != nil }
    return StepwiseResult(
      steps: steps,
      states: kinds.map { kind in
        let values = blocks.map { kind == .h ? $0.h : $0.c }
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
        let recorded = steps.flatMap { step in
          target[kind].map { $0.elements[$0.range(step.t, step.b)] } ?? []
        }
        results.isFinite = recorded.map(\.isFinite)
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
