/// Every hypothesis that applies to a problem, the simplest first.
extension HypothesisCatalogue {
  /// What needs nothing of the record to be stated.
  var singles: [Hypothesis] { simple + gateOrders(GateBlocks.allCases) }

  /// What is fitted to some of the record.
  var fitted: [Hypothesis] { [] }

  /// What is tried three at a time: gate orders only of whole blocks, and of what steps start from the initial state.
  var forTriples: [Hypothesis] {
    (simple + gateOrders([.all])).filter { !$0.changesStart || $0.aspects == .initialState }
  }

  private var simple: [Hypothesis] {
    let kinds: [[Hypothesis]] = [biases, weights, formulas, activations, initialStates, layerInputs, times]
    return kinds.flatMap { $0 }
  }
}
