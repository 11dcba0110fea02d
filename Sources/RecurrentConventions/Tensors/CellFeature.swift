import Recurrent

/// What a cell may have that not every framework's has.
public enum CellFeature: String, CaseIterable, Sendable {
  /// A GRU whose reset gate is applied before the recurrent product.
  case resetBefore
  /// An LSTM whose output is projected.
  case projection
  /// An LSTM whose gates see c.
  case peepholes
  /// Arguments of activations that are clipped.
  case clip
  /// An LSTM whose forget gate is `1 − i`.
  case inputForget
  /// An LSTM whose new c goes through another activation than its proposal.
  case outputActivation

  /// Whether the native weights are others with it, or are not what they were: it is no option that is said beside
  /// them.
  var changesWeights: Bool {
    switch self {
    case .resetBefore, .projection, .peepholes: true
    case .clip, .inputForget, .outputActivation: false
    }
  }

  /// Whether a cell of that kind may have it.
  public func isOf(_ kind: CellKind) -> Bool {
    switch self {
    case .resetBefore: kind == .gru
    case .clip: true
    case .projection, .peepholes, .inputForget, .outputActivation: kind == .lstm
    }
  }

  /// "reset before"
  public var words: String {
    switch self {
    case .resetBefore: "reset before"
    case .projection: "projected"
    case .peepholes: "peepholes"
    case .clip: "clip"
    case .inputForget: "input_forget"
    case .outputActivation: "output activation"
    }
  }
}

extension Cell<Double> {
  /// What the cell has that not every framework's has.
  public var features: Set<CellFeature> {
    var features: Set<CellFeature> = []
    if weightHR != nil { features.insert(.projection) }
    if gates.contains(where: { $0.gate.peephole != nil }) { features.insert(.peepholes) }
    switch self {
    case .rnn(let cell): if cell.clip != nil { features.insert(.clip) }
    case .gru(let cell):
      if !cell.resetAfter { features.insert(.resetBefore) }
      if cell.clip != nil { features.insert(.clip) }
    case .lstm(let cell):
      if cell.clip != nil { features.insert(.clip) }
      if cell.inputForget { features.insert(.inputForget) }
      if let output = cell.outputActivation, output != cell.activation { features.insert(.outputActivation) }
    }
    return features
  }
}

extension CellDescription {
  /// What is declared of the weights that not every framework has.
  var features: Set<CellFeature> {
    var features: Set<CellFeature> = []
    if kind == .gru, !resetAfter { features.insert(.resetBefore) }
    if projectionSize != nil { features.insert(.projection) }
    return features
  }
}
