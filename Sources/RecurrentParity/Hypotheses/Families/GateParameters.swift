import Recurrent

/// What one gate may lose on the way while the others keep theirs.
extension HypothesisCatalogue {
  var gateParameters: [Hypothesis] {
    guard cell.gates.count > 1 else { return [] }
    // All that are lost are one matrix, so that it is made ready once.
    let (inputs, states) = (zeros(cell.inputSize), zeros(cell.stateSize))
    return context.gateOrder.flatMap { lost, letter -> [Hypothesis?] in
      func losing(
        _ kind: Mistake.Kind, _ aspects: Aspects, _ lose: @escaping @Sendable (inout Gate<Double>) -> Void
      ) -> Hypothesis? {
        changing(Mistake(kind, letter), aspects) { kind, gate in
          if kind == lost { lose(&gate) }
        }
      }
      return [
        losing(.gateBiasLost, .bias) { ($0.biasIH, $0.biasHH) = (nil, nil) },
        losing(.gateRecurrentBiasLost, .bias) { $0.biasHH = nil },
        losing(.gateInputWeightsLost, .gateInputWeights) { $0.weightIH = inputs },
        losing(.gateRecurrentWeightsLost, .gateRecurrentWeights) { $0.weightHH = states },
      ]
    }.compactMap { $0 }
  }

  private func zeros(_ columns: Int) -> Matrix<Double> { Matrix(zeros: cell.hiddenSize, columns) }
}
