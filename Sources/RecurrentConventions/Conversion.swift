import Recurrent

extension Cell<Double> {
  /// The same function in the other number of biases: `b = b_ih + b_hh`.
  ///
  /// From two to one the sum is taken in Float64, exact for weights of Float32 or less to 2⁻⁵³; from one to
  /// two the bias becomes `b_ih`, and `b_hh` is zero.
  public func converted(to formula: BiasFormula) -> Cell<Double> {
    switch self {
    case .rnn(var cell):
      switch (cell.formula, formula) {
      case (.twoBias, .oneBias):
        cell.gate.biasIH = sum(cell.gate.biasIH, cell.gate.biasHH)
        cell.gate.biasHH = nil
      case (.oneBias, .twoBias):
        cell.gate.biasHH = cell.gate.biasIH.map { [Double](repeating: 0, count: $0.count) }
      case (.oneBias, .oneBias), (.twoBias, .twoBias): break
      }
      cell.formula = formula
      return .rnn(cell)
    }
  }
}

private func sum(_ a: [Double]?, _ b: [Double]?) -> [Double]? {
  guard let a else { return b }
  guard let b else { return a }
  return zip(a, b).map(+)
}
