import Recurrent

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
