import Recurrent

/// What the results of a block come to.
struct BlockSummary: Sendable {
  /// In the order of the result's states.
  let tallies: [BlockTally]
  let beyond: BeyondBound
  /// Of each step the first element whose run may leave the range of its format on the way.
  let overflowing: [FlaggedElement]
  /// How many elements may.
  let overflowCount: Int
  /// Steps whose returned h is neither the recorded one nor one step of the formula from the recorded past.
  let unreached: [StepIndex]

  /// Whether every recorded state of its steps is finite.
  let areFinite: Bool

  init(_ result: StepwiseResult, in window: ProblemWindow) {
    areFinite = result.steps.allSatisfy { step in
      result.states.allSatisfy { window.recorded($0.kind, step)?.areFinite ?? true }
    }
    tallies = result.states.map { BlockTally(result.steps, $0.elements, residual: $0.elements.residual) }
    var beyond = BeyondBound()
    var overflowing: [FlaggedElement] = []
    var overflowCount = 0
    let isFlawed = zip(result.states, tallies).contains { state, tally in
      tally.rows.contains(where: \.statistics.isBeyondBound) || state.elements.mayOverflow.contains(true)
    }
    if isFlawed {
      for (row, step) in result.steps.enumerated() {
        for (kind, elements) in result.states {
          let indices = row * elements.width..<(row + 1) * elements.width
          for index in indices where elements.isJudgeable[index] {
            guard !(elements.residual[index] <= elements.bound[index]) else { continue }
            beyond.add(
              step, kind, unit: index - indices.lowerBound, isFirstStep: window.isFirst(step))
          }
          let first = indices.first { elements.mayOverflow[$0] }
          guard let first else { continue }
          overflowCount += indices.count { elements.mayOverflow[$0] }
          overflowing.append(.unjudged(step, unit: first - indices.lowerBound, kind))
        }
      }
    }
    unreached = result.steps.enumerated().compactMap { row, step in
      guard let values = window.otherReturned(step), let h = result.states.first(where: { $0.kind == .h })
      else { return nil }
      let indices = row * h.elements.width..<(row + 1) * h.elements.width
      let isReached = zip(indices, values).allSatisfy { index, value in
        (value - h.elements.midpoint[index]).magnitude <= h.elements.bound[index]
          || h.elements.bound[index].isNaN && value.isFinite
      }
      return isReached ? nil : step
    }
    self.beyond = beyond
    self.overflowing = overflowing
    self.overflowCount = overflowCount
  }
}
