import Recurrent

/// What may become of the biases on their way.
extension HypothesisCatalogue {
  var biases: [Hypothesis] {
    var all = [
      changing(Mistake(.biasHHIgnored), .bias) { _, gate in gate.biasHH = nil },
      changing(Mistake(.biasIHIgnored), .bias) { _, gate in gate.biasIH = nil },
      changing(Mistake(.biasDoubled), .bias) { _, gate in
        gate.biasIH = gate.biasIH?.map { 2 * $0 }
        gate.biasHH = gate.biasHH?.map { 2 * $0 }
      },
      changing(Mistake(.forgetBiasAdded), .bias) { kind, gate in
        guard kind == .forget else { return }
        gate.biasIH = (gate.biasIH ?? [Double](repeating: 0, count: gate.hiddenSize)).map { $0 + 1 }
      },
    ]
    if case .gru(let gru) = cell, gru.resetAfter {
      all.append(
        changing(Mistake(.biasesSwapped), .bias) { _, gate in
          (gate.biasIH, gate.biasHH) = (gate.biasHH, gate.biasIH)
        })
      all.append(
        changing(Mistake(.recurrentBiasMerged), .bias) { kind, gate in
          guard kind == .new, let recurrent = gate.biasHH else { return }
          gate.biasIH = gate.biasIH.map { zip($0, recurrent).map(+) } ?? recurrent
          gate.biasHH = nil
        })
    }
    return all.compactMap { $0 }
  }
}
