import Recurrent

/// How a framework writes a network down: weight names, shapes, gate order and biases.
public enum Convention: String, CaseIterable, Sendable {
  case pytorch
  case keras
  case onnx
  case flax
  case mlx

  /// The formula that weights of this convention are for.
  public var formula: BiasFormula {
    switch self {
    case .pytorch, .onnx: .twoBias
    case .keras, .flax, .mlx: .oneBias
    }
  }

  /// The order in which the gates of a cell are packed.
  public func gateOrder(_ kind: CellKind) -> [GateKind] {
    switch self {
    case .pytorch: PyTorch.gateOrder(kind)
    case .keras: Keras.gateOrder(kind)
    case .onnx: ONNX.gateOrder(kind)
    case .flax: Flax.gateOrder(kind)
    case .mlx: MLX.gateOrder(kind)
    }
  }

  /// The convention's own letter for a gate: a GRU's new gate is n, but Keras's and ONNX's h.
  public func letter(_ gate: GateKind) -> String {
    switch (self, gate) {
    case (.keras, .new), (.onnx, .new): "h"
    case (.keras, .cell), (.onnx, .cell): "c"
    default: gate.rawValue
    }
  }

  /// Unpacks one direction's native weights. Every weight must be used, and every needed one present.
  ///
  /// - Throws: `ConventionError` for a weight that is missing, unused or of the wrong shape, and for a cell that
  ///   the convention does not have.
  public func cell(
    _ description: CellDescription, from tensors: [String: NativeTensor]
  ) throws(ConventionError) -> Cell<Double> {
    try description.expectSizes()
    try expectToHave(CellExtras(description))
    var reader = TensorReader(tensors)
    let native: NativeGates
    switch self {
    case .pytorch: native = try PyTorch.read(description, &reader)
    case .keras: native = try Keras.read(description, &reader)
    case .onnx: native = try ONNX.read(description, &reader)
    case .flax: native = try Flax.read(description, &reader)
    case .mlx: native = try MLX.read(description, &reader)
    }
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
    try expectToHave(CellExtras(cell))
    return switch self {
    case .pytorch: PyTorch.tensors(cell)
    case .keras: Keras.tensors(cell)
    case .onnx: ONNX.tensors(cell)
    case .flax: Flax.tensors(cell)
    case .mlx: MLX.tensors(cell)
    }
  }
}
