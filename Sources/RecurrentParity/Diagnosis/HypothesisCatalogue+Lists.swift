/// Every hypothesis that applies to a problem, the simplest first.
extension HypothesisCatalogue {
  /// What needs nothing of the record to be stated, and is as good as free to try.
  var singles: [Hypothesis] { simple + rareActivations + gateOrders(GateBlocks.allCases) }

  /// What is fitted to some of the record.
  ///
  /// - Parameter probe: of the problem; nil where nothing shorter than the run tells.
  func fitted(on probe: FormulaProbe?) -> [Hypothesis] { probe.map(fittedOptions) ?? [] }

  /// What is tried two at a time.
  ///
  /// - Parameter stored: of `storedPrecisions` what can be afforded.
  func forPairs(_ stored: [Hypothesis]) -> [Hypothesis] {
    simple + gateOrders(GateBlocks.allCases) + stored.filter { $0.mistake.kind != .parametersPrinted }
  }

  /// What is tried three at a time: gate orders only of whole blocks, and of what steps start from the initial state.
  var forTriples: [Hypothesis] {
    (common + gateOrders([.all])).filter { !$0.changesStart || $0.aspects == .initialState }
  }

  /// What happens most.
  private var common: [Hypothesis] {
    let kinds: [[Hypothesis]] = [biases, weights, formulas, activations, initialStates, layerInputs, times]
    return kinds.flatMap { $0 }
  }

  private var simple: [Hypothesis] { common + cellOptions + gateParameters }
}
