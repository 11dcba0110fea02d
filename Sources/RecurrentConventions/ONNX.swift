import Recurrent

/// The ONNX operators RNN, GRU and LSTM, one direction's slice: `W (G·H, I)`, `R (G·H, H)`, `B (2·G·H)`, the
/// input's biases before the recurrent ones; `x @ Wᵀ`. `reset_after` is `linear_before_reset`.
///
/// Source: ONNX operators RNN, GRU and LSTM, version 14. Peepholes `P` are not read, and so refused as unused.
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
  ) throws(ConventionError) -> PackedGates {
    let rows = cell.gateCount * cell.hiddenSize
    guard cell.projectionSize == nil else {
      throw ConventionError(tensor: "R", expected: "no projection: an ONNX LSTM has none", found: "one")
    }
    let both = try reader.bias("B", [2 * rows])
    return PackedGates(
      weightIH: try reader.matrix("W", rows, cell.inputSize),
      weightHH: try reader.matrix("R", rows, cell.hiddenSize),
      biasIH: both.map { Array($0[..<rows]) }, biasHH: both.map { Array($0[rows...]) })
  }

  static func tensors(_ packed: PackedGates) -> [String: NativeTensor] {
    var tensors = ["W": NativeTensor(packed.weightIH), "R": NativeTensor(packed.weightHH)]
    if let input = packed.biasIH, let recurrent = packed.biasHH {
      tensors["B"] = NativeTensor(input + recurrent)
    }
    return tensors
  }
}
