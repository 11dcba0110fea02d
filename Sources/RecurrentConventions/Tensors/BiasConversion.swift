import Recurrent

extension Cell<Double> {
  /// The same function in the other framework's number of biases: `b = b_ih + b_hh`.
  ///
  /// From two to one the sum is taken in Float64, exact for weights of Float32 or less to 2⁻⁵³; from one to two
  /// the bias becomes `b_ih`, and `b_hh` is zero. A GRU that resets after the product keeps two biases in every
  /// convention: its `b_hn` stands inside `r ⊙ (·)` and cannot be merged.
  public func converted(to formula: BiasFormula) -> Cell<Double> {
    guard formula != self.formula else { return self }
    return mapping(
      gates: { _, gate in
        switch (formula, mergesBiases) {
        case (.oneBias, true): gate.withMergedBiases
        case (.twoBias, _): gate.withRecurrentBias
        case (.oneBias, false): gate
        }
      }, projection: { $0 }
    ).relabelled(formula)
  }

  /// The same function with one bias for each gate but a GRU's n, whose second stands inside `r ⊙ (·)`.
  var withMergedGateBiases: Cell<Double> {
    mapping(
      gates: { kind, gate in
        kind != .new || mergesBiases ? gate.withMergedBiases : gate
      }, projection: { $0 })
  }

  /// Whether `b_ih` and `b_hh` only ever appear as their sum.
  public var mergesBiases: Bool {
    switch self {
    case .rnn, .lstm: true
    case .gru(let cell): !cell.resetAfter
    }
  }

  private func relabelled(_ formula: BiasFormula) -> Cell<Double> {
    switch self {
    case .rnn(var cell):
      cell.formula = formula
      return .rnn(cell)
    case .gru(var cell):
      cell.formula = formula
      return .gru(cell)
    case .lstm(var cell):
      cell.formula = formula
      return .lstm(cell)
    }
  }
}

extension Gate<Double> {
  fileprivate var withMergedBiases: Gate<Double> {
    var gate = self
    if let biasIH, let biasHH {
      // A sum with zero is the other, its sign included where that is zero too.
      gate.biasIH = zip(biasIH, biasHH).map { $1 == 0 ? $0 : $0 == 0 ? $1 : $0 + $1 }
    } else {
      gate.biasIH = biasIH ?? biasHH
    }
    gate.biasHH = nil
    return gate
  }

  fileprivate var withRecurrentBias: Gate<Double> {
    var gate = self
    if biasHH == nil, let biasIH { gate.biasHH = [Double](repeating: 0, count: biasIH.count) }
    return gate
  }
}
