import Recurrent

/// PyTorch's `torch.nn.RNN`, `GRU` and `LSTM`: `weight_ih (G·H, I)`, `weight_hh (G·H, H)`, `bias_ih (G·H)`,
/// `bias_hh (G·H)`; `x @ Wᵀ`. An LSTM with `proj_size` has `weight_hh (G·H, P)` and `weight_hr (P, H)`.
///
/// Source: `torch/nn/modules/rnn.py`. A module with `bias=False` has neither bias, so one without the other
/// is not a PyTorch cell.
enum PyTorch {
  static func gateOrder(_ kind: CellKind) -> [GateKind] {
    switch kind {
    case .rnn: [.hidden]
    case .gru: [.reset, .update, .new]
    case .lstm: [.input, .forget, .cell, .output]
    }
  }

  /// The order of one pass's parameters in a module.
  static let parameterOrder = ["weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr"]

  /// `weight_ih_l0`, `weight_ih_l0_reverse`
  static func name(_ parameter: String, layer: Int, direction: Direction) -> String {
    "\(parameter)_l\(layer)" + (direction == .backward ? "_reverse" : "")
  }

  static func read(
    _ cell: CellDescription, _ reader: inout TensorReader
  ) throws(ConventionError) -> NativeGates {
    let rows = cell.gateCount * cell.hiddenSize
    let packed = PackedGates(
      weightIH: try reader.matrix("weight_ih", rows, cell.inputSize),
      weightHH: try reader.matrix("weight_hh", rows, cell.stateSize),
      biasIH: try reader.bias("bias_ih", [rows]), biasHH: try reader.bias("bias_hh", [rows]))
    var weightHR: Matrix<Double>?
    if let P = cell.projectionSize { weightHR = try reader.matrix("weight_hr", P, cell.hiddenSize) }
    switch (packed.biasIH, packed.biasHH) {
    case (nil, .some): throw ConventionError(tensor: "bias_ih", expected: "shape (\(rows))", found: "nothing")
    case (.some, nil): throw ConventionError(tensor: "bias_hh", expected: "shape (\(rows))", found: "nothing")
    default: return NativeGates(gates: packed.gates(cell.gateCount), weightHR: weightHR)
    }
  }

  static func tensors(_ cell: Cell<Double>) -> [String: NativeTensor] {
    let packed = PackedGates(cell.gates(in: gateOrder(cell.kind)))
    var tensors = ["weight_ih": NativeTensor(packed.weightIH), "weight_hh": NativeTensor(packed.weightHH)]
    tensors["bias_ih"] = packed.biasIH.map(NativeTensor.init)
    tensors["bias_hh"] = packed.biasHH.map(NativeTensor.init)
    tensors["weight_hr"] = cell.weightHR.map(NativeTensor.init)
    return tensors
  }
}
