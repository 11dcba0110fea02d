import Recurrent

/// Keras 2 and 3's `SimpleRNN`: `kernel (I, H)`, `recurrent_kernel (H, H)`, `bias (H)`; `x @ W`.
///
/// Source: `keras/src/layers/rnn/simple_rnn.py`.
enum Keras {
  static func gate(
    _ cell: CellDescription, _ reader: inout TensorReader
  ) throws(ConventionError) -> Gate<Double> {
    let (I, H) = (cell.inputSize, cell.hiddenSize)
    return Gate(
      weightIH: try reader.matrix("kernel", I, H).transposed(),
      weightHH: try reader.matrix("recurrent_kernel", H, H).transposed(),
      biasIH: try reader.bias("bias", H), biasHH: nil)
  }

  static func tensors(_ cell: RNNCell<Double>) -> [String: NativeTensor] {
    precondition(cell.formula == .oneBias)
    var tensors = [
      "kernel": NativeTensor(cell.gate.weightIH.transposed()),
      "recurrent_kernel": NativeTensor(cell.gate.weightHH.transposed()),
    ]
    tensors["bias"] = cell.gate.biasIH.map(NativeTensor.init)
    return tensors
  }
}
