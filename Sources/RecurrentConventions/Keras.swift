import Recurrent

/// Keras 2 and 3's `SimpleRNN`, `GRU` and `LSTM`: `kernel (I, G·H)`, `recurrent_kernel (H, G·H)`; `x @ W`.
///
/// One `bias (G·H)`; but a GRU with `reset_after` has `bias (2, 3H)`, the input's row before the recurrent one.
/// Source: `keras/src/layers/rnn/simple_rnn.py`, `gru.py`, `lstm.py`.
enum Keras {
  static func gateOrder(_ kind: CellKind) -> [GateKind] {
    switch kind {
    case .rnn: [.hidden]
    case .gru: [.update, .reset, .new]
    case .lstm: [.input, .forget, .cell, .output]
    }
  }

  static func read(
    _ cell: CellDescription, _ reader: inout TensorReader
  ) throws(ConventionError) -> NativeGates {
    let columns = cell.gateCount * cell.hiddenSize
    let kernel = try reader.matrix("kernel", cell.inputSize, columns)
    let recurrent = try reader.matrix("recurrent_kernel", cell.hiddenSize, columns)
    var packed = PackedGates(weightIH: kernel.transposed(), weightHH: recurrent.transposed())
    if cell.kind == .gru && cell.resetAfter {
      let both = try reader.bias("bias", [2, columns])
      packed.biasIH = both.map { Array($0[..<columns]) }
      packed.biasHH = both.map { Array($0[columns...]) }
    } else {
      packed.biasIH = try reader.bias("bias", [columns])
    }
    return NativeGates(gates: packed.gates(cell.gateCount))
  }

  static func tensors(_ cell: Cell<Double>) -> [String: NativeTensor] {
    let packed = PackedGates(cell.gates(in: gateOrder(cell.kind)))
    var tensors = [
      "kernel": NativeTensor(packed.weightIH.transposed()),
      "recurrent_kernel": NativeTensor(packed.weightHH.transposed()),
    ]
    if !cell.mergesBiases, packed.biasIH != nil || packed.biasHH != nil {
      let zeros = [Double](repeating: 0, count: packed.weightIH.rows)
      tensors["bias"] = NativeTensor(
        shape: [2, zeros.count], values: (packed.biasIH ?? zeros) + (packed.biasHH ?? zeros))
    } else {
      tensors["bias"] = packed.biasIH.map(NativeTensor.init)
    }
    return tensors
  }
}
