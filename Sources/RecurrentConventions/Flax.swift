import Recurrent

/// Flax's `SimpleCell`, `GRUCell` and `LSTMCell`: one dense layer a gate, `<gate>/kernel (in, H)` and
/// `<gate>/bias (H)`; `x @ W`.
///
/// The gates of the input are i; ir, iz, in; ii, if, ig, io; those of the state h; hr, hz, hn; hi, hf, hg, ho. Where
/// two are summed only one has a bias: the input's of a simple cell and of a GRU, the state's of an LSTM. A GRU's
/// hn has one of its own inside `r ⊙ (·)`, in linen; the fused layers of nnx's `GRUCell` have none there.
/// Source: `flax/linen/recurrent.py`, `flax/nnx/nn/recurrent.py`.
enum Flax {
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
    var gates: [Gate<Double>] = []
    for kind in gateOrder(cell.kind) {
      let (input, state) = ("i" + kind.rawValue, "h" + kind.rawValue)
      var gate = Gate(
        weightIH: try reader.matrix("\(input)/kernel", cell.inputSize, cell.hiddenSize).transposed(),
        weightHH: try reader.matrix("\(state)/kernel", cell.hiddenSize, cell.hiddenSize).transposed(),
        biasIH: nil, biasHH: nil)
      gate.biasIH = try reader.bias("\(cell.kind == .lstm ? state : input)/bias", [cell.hiddenSize])
      if kind == .new { gate.biasHH = try reader.bias("\(state)/bias", [cell.hiddenSize]) }
      gates.append(gate)
    }
    try expectAllOrNone(gates, cell)
    return NativeGates(gates: gates)
  }

  /// A cell has all its biases or none; a GRU's hn may be without.
  private static func expectAllOrNone(
    _ gates: [Gate<Double>], _ cell: CellDescription
  ) throws(ConventionError) {
    guard gates.contains(where: { $0.biasIH != nil || $0.biasHH != nil }) else { return }
    for (kind, gate) in zip(gateOrder(cell.kind), gates) where gate.biasIH == nil {
      throw ConventionError(
        tensor: "\(cell.kind == .lstm ? "h" : "i")\(kind.rawValue)/bias",
        expected: "shape (\(cell.hiddenSize))",
        found: "nothing")
    }
  }

  static func tensors(_ cell: Cell<Double>) -> [String: NativeTensor] {
    var tensors: [String: NativeTensor] = [:]
    for (kind, gate) in cell.withMergedGateBiases.gates {
      let (input, state) = ("i" + kind.rawValue, "h" + kind.rawValue)
      tensors["\(input)/kernel"] = NativeTensor(gate.weightIH.transposed())
      tensors["\(state)/kernel"] = NativeTensor(gate.weightHH.transposed())
      tensors["\(cell.kind == .lstm ? state : input)/bias"] = gate.biasIH.map(NativeTensor.init)
      if kind == .new { tensors["\(state)/bias"] = gate.biasHH.map(NativeTensor.init) }
    }
    return tensors
  }
}
