import Recurrent

/// Other activations.
extension HypothesisCatalogue {
  var activations: [Hypothesis] {
    let own: [Activation] = [.tanh, .relu, .sigmoid, .linear, .hardSigmoid].filter { $0 != cell.activation }
    let gates: [Activation] =
      cell.recurrentActivation == nil ? [] : [.sigmoid, .hardSigmoid, .hardSigmoidKeras2]
    let recurrent = gates.filter { $0 != cell.recurrentActivation }
    return own.map { activation in
      Hypothesis(
        Mistake(.activation, activation.description), .activation, .cell { $0.setActivation(activation) })
    }
      + recurrent.map { activation in
        Hypothesis(
          Mistake(.recurrentActivation, activation.description), .recurrentActivation,
          .cell { $0.setRecurrentActivation(activation) })
      }
  }
}

extension Cell<Double> {
  /// The activation of the gates; a plain cell has none.
  public var recurrentActivation: Activation? {
    switch self {
    case .rnn: nil
    case .gru(let cell): cell.recurrentActivation
    case .lstm(let cell): cell.recurrentActivation
    }
  }

  fileprivate mutating func setActivation(_ activation: Activation) {
    switch self {
    case .rnn(var cell):
      cell.activation = activation
      self = .rnn(cell)
    case .gru(var cell):
      cell.activation = activation
      self = .gru(cell)
    case .lstm(var cell):
      cell.activation = activation
      self = .lstm(cell)
    }
  }

  fileprivate mutating func setRecurrentActivation(_ activation: Activation) {
    switch self {
    case .rnn: break
    case .gru(var cell):
      cell.recurrentActivation = activation
      self = .gru(cell)
    case .lstm(var cell):
      cell.recurrentActivation = activation
      self = .lstm(cell)
    }
  }
}
