import Recurrent

/// Other activations, in each of the places that the cell has.
extension HypothesisCatalogue {
  /// Those that are everywhere, where they are declared.
  var activations: [Hypothesis] {
    declaredPlaces(Self.usual, recurrent: [.sigmoid, .hardSigmoid, .hardSigmoidKeras2])
  }

  /// The same in places of which files declare none, and functions that stand for tanh.
  var otherActivations: [Hypothesis] {
    declaredPlaces([], recurrent: [.tanh]) + undeclaredPlaces(Self.usual) + fastActivations
  }

  /// Those that few networks have: not tried together with others.
  var rareActivations: [Hypothesis] {
    let rare: [Activation] = [
      .elu(alpha: 1), .selu, .softsign, .softplus, .leakyRelu(alpha: 0.01), .leakyRelu(alpha: 0.2), .hardTanh,
    ]
    let other = OtherActivation.allCases.map(Activation.other)
    return declaredPlaces(rare + other + [.hardSigmoidKeras2], recurrent: rare + [.relu, .linear])
      + undeclaredPlaces(rare + [.hardSigmoidKeras2])
  }

  private static let usual: [Activation] = [.tanh, .relu, .sigmoid, .linear, .hardSigmoid]

  private func declaredPlaces(_ own: [Activation], recurrent: [Activation]) -> [Hypothesis] {
    let activations = others(own, than: cell.activation).map { activation in
      Hypothesis(
        Mistake(.activation, activation.description), .activation, .cell { $0.setActivation(activation) })
    }
    guard let declared = cell.recurrentActivation else { return activations }
    return activations
      + others(recurrent, than: declared).map { activation in
        Hypothesis(
          Mistake(.recurrentActivation, activation.description), .recurrentActivation,
          .cell { $0.setRecurrentActivation(activation) })
      }
  }

  /// Of c alone, and of g alone.
  private func undeclaredPlaces(_ own: [Activation]) -> [Hypothesis] {
    guard case .lstm(let lstm) = cell else { return [] }
    let output = lstm.outputActivation ?? lstm.activation
    let all = others(own, than: output).map { activation in
      Hypothesis(
        Mistake(.outputActivation, activation.description), .outputActivation,
        .cell { $0.changeLSTM { $0.outputActivation = activation } })
    }
    // With an activation of its own for c, `activation` is that of g alone.
    guard lstm.outputActivation == nil else { return all }
    return all
      + others(own, than: lstm.activation).map { activation in
        Hypothesis(
          Mistake(.proposalActivation, activation.description), [.activation, .outputActivation],
          .cell {
            $0.changeLSTM { lstm in
              lstm.outputActivation = lstm.outputActivation ?? lstm.activation
              lstm.activation = activation
            }
          })
      }
  }

  /// Every tanh computed by one of the functions that only approximate it; and with every sigmoid made of that.
  private var fastActivations: [Hypothesis] {
    FastTanh.allCases.flatMap { tanh -> [Hypothesis] in
      func replacing(_ name: String, _ fast: @escaping @Sendable (Activation) -> Activation) -> Hypothesis? {
        let aspects: Aspects = [.activation, .recurrentActivation, .outputActivation]
        let change = { @Sendable (cell: inout Cell<Double>) in
          cell.setActivation(fast(cell.activation))
          if let recurrent = cell.recurrentActivation { cell.setRecurrentActivation(fast(recurrent)) }
          cell.changeLSTM { $0.outputActivation = $0.outputActivation.map(fast) }
        }
        var changed = cell
        change(&changed)
        return changed == cell
          ? nil : Hypothesis(Mistake(.fastActivations, name), aspects, .cell(change))
      }
      let onlyTanh = replacing(tanh.rawValue) { $0 == .tanh ? .fastTanh(tanh) : $0 }
      guard cell.uses(.sigmoid) else { return [onlyTanh].compactMap { $0 } }
      let both = replacing("\(tanh.rawValue) with sigmoid") {
        $0 == .tanh ? .fastTanh(tanh) : $0 == .sigmoid ? .fastSigmoid(tanh) : $0
      }
      return [onlyTanh, both].compactMap { $0 }
    }
  }

  private func others(_ activations: [Activation], than declared: Activation) -> [Activation] {
    activations.filter { !$0.isSameFunction(as: declared) }
  }
}

extension Activation {
  /// Whether the two have one value everywhere: some have several names.
  fileprivate func isSameFunction(as other: Activation) -> Bool {
    (-32...32).allSatisfy { (self(Double($0) / 4) - other(Double($0) / 4)).magnitude < 1e-12 }
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

  fileprivate func uses(_ activation: Activation) -> Bool {
    self.activation == activation || recurrentActivation == activation
  }

  mutating func setActivation(_ activation: Activation) {
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
