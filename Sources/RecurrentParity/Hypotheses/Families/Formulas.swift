import Recurrent

/// The published variants of a cell.
extension HypothesisCatalogue {
  var formulas: [Hypothesis] {
    guard case .gru(let gru) = cell else { return [] }
    let reset = Hypothesis(
      Mistake(gru.resetAfter ? .resetBefore : .resetAfter), .reset,
      .cell { cell in
        guard case .gru(var gru) = cell else { return }
        gru.resetAfter.toggle()
        cell = .gru(gru)
      })
    let blend = Hypothesis(
      Mistake(.updateGateInverted), .formula,
      .cell { cell in
        guard case .gru(var gru) = cell else { return }
        gru.blend = gru.blend == .updateKeeps ? .updateTakes : .updateKeeps
        cell = .gru(gru)
      })
    return [reset, blend]
  }
}
