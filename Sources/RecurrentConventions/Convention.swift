import Recurrent

/// How a framework writes a network down: weight names, shapes, gate order and biases.
///
/// A case and its rules are all that registers a convention; what it says stands in one file of `Frameworks/`.
public enum Convention: String, CaseIterable, Sendable {
  /// PyTorch's `torch.nn.RNN`, `GRU` and `LSTM`: two biases, weights `(G·H, I)`.
  case pytorch
  /// Keras's `SimpleRNN`, `GRU` and `LSTM`: kernels `(I, G·H)`.
  case keras
  /// The operators RNN, GRU and LSTM of ONNX: weights `(G·H, I)` without the axis of directions.
  case onnx
  /// Flax's `SimpleCell`, `GRUCell` and `OptimizedLSTMCell`.
  case flax
  /// MLX's `nn.RNN`, `nn.GRU` and `nn.LSTM`.
  case mlx

  var rules: any FrameworkRules.Type {
    switch self {
    case .pytorch: PyTorch.self
    case .keras: Keras.self
    case .onnx: ONNX.self
    case .flax: Flax.self
    case .mlx: MLX.self
    }
  }
}

extension Convention {
  /// The framework's own spelling: "PyTorch".
  public var title: String { rules.title }

  /// The formula that weights of this convention are for.
  public var formula: BiasFormula { rules.formula }

  /// The order in which the gates of a cell are packed.
  public func gateOrder(_ kind: CellKind) -> [GateKind] { rules.gateOrder(kind) }

  /// The convention's own letter for a gate: a GRU's new gate is n, but Keras's and ONNX's h.
  public func letter(_ gate: GateKind) -> String { rules.letter(gate) }

  /// Along which axis of the framework's own array gates are packed, in numpy's words; nil where each is stored by
  /// itself.
  public var gateAxis: Int? { rules.gateAxis }

  /// What the framework's cells may have beside what all have.
  public var features: Set<CellFeature> { rules.features }

  /// What the framework's layers may have beside one forward direction.
  public var layerFeatures: Set<LayerFeature> { rules.layerFeatures }

  /// The argument that gives a layer of this cell another activation: "activation='relu'"; nil where the framework has
  /// none.
  public func activationCode(_ activation: Activation, ofGates: Bool, in cell: Cell<Double>) -> String? {
    rules.activationCode(activation, ofGates: ofGates, in: cell)
  }

  /// Unpacks one direction's native weights. Every weight must be used, and every needed one present.
  ///
  /// - Throws: `ConventionError` for a weight that is missing, unused or of the wrong shape, and for a cell that
  ///   the convention does not have.
  public func cell(
    _ description: CellDescription, from tensors: [String: NativeTensor]
  ) throws(ConventionError) -> Cell<Double> {
    try description.expectSizes()
    try rules.expectToHave(description.features, in: description.kind)
    var reader = TensorReader(tensors)
    let native = try rules.read(description, &reader)
    try reader.finish()
    return description.cell(native, order: gateOrder(description.kind), formula: formula)
  }

  /// Packs one direction's canonical parameters under the convention's native names.
  ///
  /// The cell must already be of this convention's formula: see `Cell.converted(to:)`. Flax and MLX have one bias for
  /// r and one for z, which is then their sum.
  ///
  /// - Throws: `ConventionError` for a cell that the convention does not have.
  public func tensors(of cell: Cell<Double>) throws(ConventionError) -> [String: NativeTensor] {
    precondition(cell.formula == formula)
    try rules.expectToHave(cell.features.filter(\.changesWeights), in: cell.kind)
    return rules.tensors(cell)
  }
}
