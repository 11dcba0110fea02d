/// Every hypothesis that applies to a problem, the simplest first.
extension HypothesisCatalogue {
  /// What needs nothing of the record to be stated.
  var singles: [Hypothesis] { simple + gateOrders(GateBlocks.allCases) }

  /// What is made of some of the record: of what is flagged, of another pass, or fitted to it.
  var fitted: [Hypothesis] {
    resets + passedOver + recordedUnits + firstStepBiases + solvedInitialStates + fittedInputs + dropout
  }

  /// What is tried two at a time.
  var forPairs: [Hypothesis] { singles + recordedUnits }

  /// What is tried three at a time: gate orders only of whole blocks, and of what steps start from the commonest
  /// initial states.
  var forTriples: [Hypothesis] {
    [biases, weights, formulas, activations, initialStates, gateOrders([.all])].flatMap { $0 }
  }

  private var simple: [Hypothesis] {
    let kinds: [[Hypothesis]] = [
      biases, weights, formulas, activations, initialStates, initialStateOrders, carryings, foreignWeights,
      gateBlockCuts, layerInputs, otherInputs, times, recordedAxes,
    ]
    return kinds.flatMap { $0 }
  }
}
