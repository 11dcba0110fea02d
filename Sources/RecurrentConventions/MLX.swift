import Recurrent

/// MLX's `RNN`, `GRU` and `LSTM`: `Wx (G·H, I)`, `Wh (G·H, H)`; `x @ Wᵀ`. One `bias (G·H)`; a GRU has `b (3H)` and,
/// inside `r ⊙ (·)`, `bhn (H)`: both or neither.
///
/// The module itself calls the weights of a plain RNN `Wxh` and `Whh`. Source: `mlx/nn/layers/recurrent.py`.
enum MLX {
  static func gateOrder(_ kind: CellKind) -> [GateKind] {
    switch kind {
    case .rnn: [.hidden]
    case .gru: [.reset, .update, .new]
    case .lstm: [.input, .forget, .cell, .output]
    }
  }

  static func read(
    _ cell: CellDescription, _ reader: inout TensorReader
  ) throws(ConventionError) -> NativeGates {
    let (H, rows) = (cell.hiddenSize, cell.gateCount * cell.hiddenSize)
    let packed = PackedGates(
      weightIH: try reader.matrix("Wx", rows, cell.inputSize), weightHH: try reader.matrix("Wh", rows, H),
      biasIH: try reader.bias(cell.kind == .gru ? "b" : "bias", [rows]))
    var gates = packed.gates(cell.gateCount)
    guard cell.kind == .gru else { return NativeGates(gates: gates) }
    let bhn = try reader.bias("bhn", [H])
    switch (packed.biasIH, bhn) {
    case (nil, .some): throw ConventionError(tensor: "b", expected: "shape (\(rows))", found: "nothing")
    case (.some, nil): throw ConventionError(tensor: "bhn", expected: "shape (\(H))", found: "nothing")
    default: gates[gates.count - 1].biasHH = bhn
    }
    return NativeGates(gates: gates)
  }

  static func tensors(_ cell: Cell<Double>) -> [String: NativeTensor] {
    let gates = cell.withMergedGateBiases.gates(in: gateOrder(cell.kind))
    let packed = PackedGates(gates)
    var tensors = ["Wx": NativeTensor(packed.weightIH), "Wh": NativeTensor(packed.weightHH)]
    guard cell.kind == .gru else {
      tensors["bias"] = packed.biasIH.map(NativeTensor.init)
      return tensors
    }
    guard packed.biasIH != nil || packed.biasHH != nil else { return tensors }
    let zeros = [Double](repeating: 0, count: packed.weightIH.rows)
    tensors["b"] = NativeTensor(packed.biasIH ?? zeros)
    tensors["bhn"] = NativeTensor(Array((packed.biasHH ?? zeros).suffix(cell.hiddenSize)))
    return tensors
  }
}
