import Recurrent

/// Every hypothesis that applies to a problem, the simplest first.
extension HypothesisCatalogue {
  /// What needs nothing of the record to be stated but what is equal in it, and is as good as free to try.
  var singles: [Hypothesis] { printedRecord + common + rarer + options + rareActivations + orders }

  /// What is made of some of the record: of what is flagged, of another pass, or fitted to it.
  ///
  /// - Parameter probe: of the problem; nil where nothing shorter than the run tells.
  func fitted(on probe: FormulaProbe?) -> [Hypothesis] {
    resets + passedOver + recordedUnits + firstStepBiases + staleBuffers + foreignStates + permutedUnits
      + fittedInputs + dropout
      + (probe.map { FittedOptions(probe: $0, cell: cell).all } ?? []) + fittedPeepholes + recurrentDropout
  }

  /// What is fitted once something common is assumed that leaves the steps to start from as they are.
  func fittedPairs(on probe: FormulaProbe?) -> [Composition] {
    guard let probe else { return [] }
    return (common + gateParameters + gateOrders([.all])).filter { !$0.changesStart }.concurrentMap {
      assumed in
      let cell = Composition(assumed).cell(changing: cell)
      return FittedOptions(probe: probe, cell: cell, isHasty: true).common.compactMap {
        Composition([assumed, $0])
      }
    }.flatMap { $0 }
  }

  /// What is tried two at a time: everything that is common with everything of its kind and with what is not, which is
  /// tried with whole gate blocks only.
  ///
  /// - Parameter stored: of `storedPrecisions` what can be afforded.
  func pairs(_ stored: [Hypothesis]) -> [Composition] {
    let (options, rarer) = (options, rarer + recordedUnits)
    let parameters = stored.filter { $0.mistake.kind != .parametersPrinted }
    return Self.pairs(of: common + orders) + Self.pairs(of: options) + Self.pairs(of: rarer)
      + Self.pairs(of: rarer + options + parameters, with: common + gateOrders([.all]))
  }

  /// What is tried three at a time: gate orders only of whole blocks, and of what steps start from the commonest
  /// initial states.
  var forTriples: [Hypothesis] {
    [biases, weights, formulas, activations, initialStates, gateOrders([.all])].flatMap { $0 }
  }

  /// What happens most.
  private var common: [Hypothesis] {
    [biases, weights, formulas, activations, initialStates, layerInputs, times].flatMap { $0 }
  }

  private var rarer: [Hypothesis] {
    [initialStateOrders, carryings, foreignWeights, gateBlockCuts, otherInputs, recordedAxes].flatMap { $0 }
  }

  private var options: [Hypothesis] { cellOptions + otherActivations + gateParameters }

  private var orders: [Hypothesis] { gateOrders(GateBlocks.allCases) }

  private static func pairs(of hypotheses: [Hypothesis]) -> [Composition] {
    hypotheses.indices.flatMap { i in
      hypotheses[(i + 1)...].compactMap { Composition([hypotheses[i], $0]) }
    }
  }

  private static func pairs(of first: [Hypothesis], with second: [Hypothesis]) -> [Composition] {
    first.flatMap { one in second.compactMap { Composition([one, $0]) } }
  }
}
