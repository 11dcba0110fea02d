import Recurrent

/// The ONNX operators RNN, GRU and LSTM, one direction's slice: `W (G·H, I)`, `R (G·H, H)`, `B (2·G·H)`, the
/// input's biases before the recurrent ones; an LSTM's peepholes `P (3H)`, of i, o and f; `x @ Wᵀ`. `reset_after` is
/// `linear_before_reset`.
///
/// Source: ONNX operators RNN, GRU and LSTM, version 14.
enum ONNX {
  static func gateOrder(_ kind: CellKind) -> [GateKind] {
    switch kind {
    case .rnn: [.hidden]
    case .gru: [.update, .reset, .new]
    case .lstm: [.input, .output, .forget, .cell]
    }
  }

  static func read(
    _ cell: CellDescription, _ reader: inout TensorReader
  ) throws(ConventionError) -> NativeGates {
    let rows = cell.gateCount * cell.hiddenSize
    let both = try reader.bias("B", [2 * rows])
    let packed = PackedGates(
      weightIH: try reader.matrix("W", rows, cell.inputSize),
      weightHH: try reader.matrix("R", rows, cell.hiddenSize),
      biasIH: both.map { Array($0[..<rows]) }, biasHH: both.map { Array($0[rows...]) })
    var gates = packed.gates(cell.gateCount)
    if cell.kind == .lstm, let peepholes = try reader.bias("P", [3 * cell.hiddenSize]) {
      // In the order of the gates, which leaves out the last.
      for index in 0..<3 {
        gates[index].peephole = Array(peepholes[index * cell.hiddenSize..<(index + 1) * cell.hiddenSize])
      }
    }
    return NativeGates(gates: gates)
  }

  static func tensors(_ cell: Cell<Double>) -> [String: NativeTensor] {
    let gates = cell.gates(in: gateOrder(cell.kind))
    let packed = PackedGates(gates)
    var tensors = ["W": NativeTensor(packed.weightIH), "R": NativeTensor(packed.weightHH)]
    if packed.biasIH != nil || packed.biasHH != nil {
      let zeros = [Double](repeating: 0, count: packed.weightIH.rows)
      tensors["B"] = NativeTensor((packed.biasIH ?? zeros) + (packed.biasHH ?? zeros))
    }
    tensors["P"] = Array(gates.prefix(3)).joined(\.peephole).map(NativeTensor.init)
    return tensors
  }
}
