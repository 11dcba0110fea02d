import Recurrent

/// Every hypothesis that applies to a problem, the simplest first.
extension HypothesisCatalogue {
  /// What needs nothing of the record to be stated.
  var singles: [Hypothesis] { common + rarer + gateOrders(GateBlocks.allCases) }

  /// What is made of some of the record: of what is flagged, of another pass, or fitted to it.
  var fitted: [Hypothesis] {
    resets + passedOver + recordedUnits + firstStepBiases + solvedInitialStates + fittedInputs + dropout
  }

  /// What is tried two at a time, each with each of several: the rarer with gate orders only of whole blocks.
  var forPairs: [(first: Hypothesis, seconds: [Hypothesis])] {
    let all = common + gateOrders(GateBlocks.allCases)
    let (rarer, whole) = (rarer + recordedUnits, common + gateOrders([.all]))
    return all.indices.map { (all[$0], Array(all[($0 + 1)...])) }
      + rarer.indices.map { (rarer[$0], whole + rarer[($0 + 1)...]) }
  }

  /// What is tried three at a time: gate orders only of whole blocks, and of what steps start from the commonest
  /// initial states.
  var forTriples: [Hypothesis] {
    [biases, weights, formulas, activations, initialStates, gateOrders([.all])].flatMap { $0 }
  }

  private var common: [Hypothesis] {
    [biases, weights, formulas, activations, initialStates, layerInputs, times].flatMap { $0 }
  }

  private var rarer: [Hypothesis] {
    [initialStateOrders, carryings, foreignWeights, gateBlockCuts, otherInputs, recordedAxes].flatMap { $0 }
  }
}
