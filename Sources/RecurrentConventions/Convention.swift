import Recurrent

/// How a framework writes a network down: weight names, shapes, gate order and biases.
public enum Convention: String, CaseIterable, Sendable {
  case pytorch
  case keras
  case onnx

  /// The formula that weights of this convention are for.
  public var formula: BiasFormula {
    switch self {
    case .pytorch, .onnx: .twoBias
    case .keras: .oneBias
    }
  }

  /// The order in which the gates of a cell are packed.
  public func gateOrder(_ kind: CellKind) -> [GateKind] {
    switch self {
    case .pytorch: PyTorch.gateOrder(kind)
    case .keras: Keras.gateOrder(kind)
    case .onnx: ONNX.gateOrder(kind)
    }
  }

  /// The convention's own letter for a gate: PyTorch's new gate is n, Keras's and ONNX's h.
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
    var reader = TensorReader(tensors)
    let packed: PackedGates
    switch self {
    case .pytorch: packed = try PyTorch.read(description, &reader)
    case .keras: packed = try Keras.read(description, &reader)
    case .onnx: packed = try ONNX.read(description, &reader)
    }
    try reader.finish()
    return description.cell(packed, order: gateOrder(description.kind), formula: formula)
  }

  /// Packs one direction's canonical parameters under the convention's native names.
  ///
  /// The cell must already be of this convention's formula: see `Cell.converted(to:)`.
  public func tensors(of cell: Cell<Double>) -> [String: NativeTensor] {
    precondition(cell.formula == formula)
    let packed = PackedGates(cell, order: gateOrder(cell.kind))
    switch self {
    case .pytorch: return PyTorch.tensors(packed)
    case .keras: return Keras.tensors(packed, of: cell)
    case .onnx: return ONNX.tensors(packed)
    }
  }
}
