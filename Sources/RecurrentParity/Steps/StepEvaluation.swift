import Recurrent

/// The states that the formula gives for some steps.
struct EvaluatedBlock<A: StepArithmetic>: Sendable {
  /// One for each row.
  let steps: [StepIndex]
  let states: StatePair<A.Value, A.Value?>
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
    let step = CellStep(cell, conversion: conversion, in: arithmetic)
    guard isTeacherForced else { return sequence(step, in: arithmetic, radius: radius) }
    let blocks = stride(from: 0, to: steps.count, by: Self.blockRows).map {
      steps[$0..<min($0 + Self.blockRows, steps.count)]
    }
    return blocks.concurrentMap { block in
      defer { WorkContext.current.counter?.advance(by: block.count) }
      let states = step(
        x: inputs(Array(block), in: arithmetic, radius: radius.input),
        h: pasts(.h, Array(block), in: arithmetic, radius: radius.state)
          ?? arithmetic.known([], rows: 0, radius: .none, scale: .none),
        c: pasts(.c, Array(block), in: arithmetic, radius: radius.state))
      return EvaluatedBlock(steps: Array(block), states: states)
    }
  }

  /// Runs along the sequence, carrying what is not recorded.
  private func sequence<A: StepArithmetic>(
    _ step: CellStep<A>, in arithmetic: A, radius: RecordedRadius
  ) -> [EvaluatedBlock<A>] {
    let batch = valid.batch
    let start = initialState ?? cell.zeroState(batch: batch)
    var h = arithmetic.known(start.h.elements, rows: batch, radius: radius.state, scale: .none)
    var c = start.c.map { arithmetic.known($0.elements, rows: batch, radius: radius.state, scale: .none) }
    return direction.times(input.values.timesteps).map { t in
      defer { WorkContext.current.counter?.advance(by: batch) }
      let rows = (0..<batch).map { StepIndex(t: t, b: $0) }
      let next = step(
        x: inputs(rows, in: arithmetic, radius: radius.input),
        h: pasts(.h, rows, in: arithmetic, radius: radius.state) ?? h,
        c: pasts(.c, rows, in: arithmetic, radius: radius.state) ?? c)
      let isValid = (0..<batch).map { valid.contains(t, $0) }
      h.replaceRows(where: isValid, with: next.h)
      if let nextC = next.c { c?.replaceRows(where: isValid, with: nextC) }
      return EvaluatedBlock(steps: rows, states: next)
    }
  }

  private func inputs<A: StepArithmetic>(_ rows: [StepIndex], in arithmetic: A, radius: Spread) -> A.Value {
    func gathered(_ elements: [Double]) -> [Double] {
      rows.flatMap { row in
        valid.contains(row.t, row.b)
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
      (valid.contains(row.t, row.b) ? past(kind, row) : nil) ?? ArraySlice(repeating: 0, count: features)
    }
    return arithmetic.known(
      values, rows: rows.count, radius: printing == 0 ? radius : radius.wider(by: printing, about: values),
      scale: printing == 0 ? .none : .each(values.map { _ in printing }))
  }
}
