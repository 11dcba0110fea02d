import Recurrent

/// What may become of whole weight matrices.
extension HypothesisCatalogue {
  var weights: [Hypothesis] {
    var all: [Hypothesis?] = []
    if cell.stateSize == cell.hiddenSize {
      let transposed = transposed(\.weightHH)
      all.append(
        changing(Mistake(.recurrentWeightsTransposed), .recurrentWeights) { kind, gate in
          gate.weightHH = transposed[kind] ?? gate.weightHH
        })
    }
    if cell.inputSize == cell.hiddenSize {
      let transposed = transposed(\.weightIH)
      all.append(
        changing(Mistake(.inputWeightsTransposed), .inputWeights) { kind, gate in
          gate.weightIH = transposed[kind] ?? gate.weightIH
        })
    }
    if cell.inputSize == cell.stateSize {
      all.append(
        changing(Mistake(.weightsSwapped), [.inputWeights, .recurrentWeights]) { _, gate in
          (gate.weightIH, gate.weightHH) = (gate.weightHH, gate.weightIH)
        })
    }
    if let other = context.otherPass?.cell, other != cell {
      all.append(
        Hypothesis(Mistake(.directionsSwapped), .parameters, .cell { $0 = other }))
    }
    return all.compactMap { $0 }
  }

  /// Of every gate. Whatever changes a problem before leaves these weights as they are, so one transposition serves
  /// every composition.
  private func transposed(_ weights: (Gate<Double>) -> Matrix<Double>) -> [GateKind: Matrix<Double>] {
    Dictionary(uniqueKeysWithValues: cell.gates.map { ($0.kind, weights($0.gate).transposed()) })
  }
}
