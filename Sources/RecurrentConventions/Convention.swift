import Recurrent

/// How a framework writes a network down: weight names, shapes, gate order and biases.
public enum Convention: String, CaseIterable, Sendable {
  case pytorch
  case keras

  /// The formula that weights of this convention are for.
  public var formula: BiasFormula {
    switch self {
    case .pytorch: .twoBias
    case .keras: .oneBias
    }
  }

  /// Unpacks one direction's native weights. Every weight must be used, and every needed one present.
  ///
  /// - Throws: `ConventionError` for a weight that is missing, unused or of the wrong shape.
  public func cell(
    _ description: CellDescription, from tensors: [String: NativeTensor]
  ) throws(ConventionError) -> Cell<Double> {
    var reader = TensorReader(tensors)
    let gate: Gate<Double>
    switch self {
    case .pytorch: gate = try PyTorch.gate(description, &reader)
    case .keras: gate = try Keras.gate(description, &reader)
    }
    try reader.finish()
    return .rnn(RNNCell(gate: gate, activation: description.activation, formula: formula))
  }

  /// Packs one direction's canonical parameters under the convention's native names.
  ///
  /// The cell must already be of this convention's formula: see `Cell.converted(to:)`.
  public func tensors(of cell: Cell<Double>) -> [String: NativeTensor] {
    switch (self, cell) {
    case (.pytorch, .rnn(let cell)): PyTorch.tensors(cell)
    case (.keras, .rnn(let cell)): Keras.tensors(cell)
    }
  }
}

/// What must be known of a cell, beside its weights, to read them.
public struct CellDescription: Equatable, Sendable {
  public var inputSize: Int
  public var hiddenSize: Int
  public var activation: Activation

  public init(inputSize: Int, hiddenSize: Int, activation: Activation) {
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.activation = activation
  }
}
