import Recurrent
import RecurrentConventions

/// Keras's cells by the names of their variables: `lstm/lstm_cell/kernel:0`, `lstm/kernel`.
extension NamedTensors {
  mutating func takeKerasLayers() throws(WeightFileError) -> [WeightLayer] {
    var layers: [WeightLayer] = []
    for name in names where name.withoutVariableNumber.hasSuffix("recurrent_kernel") {
      let head = name.splitBehindLast(["/", "."]).head
      guard let pass = takeKerasCell(head) else { continue }
      layers.append(
        WeightLayer(
          name: head.isEmpty ? pass.said.kind?.rawValue ?? "cell" : head.withoutSeparator, convention: .keras,
          passes: [pass]))
    }
    return layers
  }

  /// The cell whose variables begin with `head`; nil where they are none of a cell's.
  mutating func takeKerasCell(_ head: String) -> WeightPass? {
    func stored(_ leaf: String) -> String? {
      [head + leaf, head + leaf + ":0"].first { self[$0] != nil }
    }
    guard let kernel = stored("kernel"), let recurrent = stored("recurrent_kernel"),
      let input = self[kernel], let state = self[recurrent],
      let pass = WeightPass(kernel: input, recurrentKernel: state, bias: stored("bias").flatMap { self[$0] })
    else { return nil }
    for name in [kernel, recurrent, stored("bias")].compactMap({ $0 }) { _ = take(name) }
    return pass
  }
}

extension WeightPass {
  /// A Keras cell from its variables; nil where their shapes are none's.
  init?(kernel: StoredTensor, recurrentKernel: StoredTensor, bias: StoredTensor?) {
    guard kernel.shape.count == 2, recurrentKernel.shape.count == 2,
      kernel.shape[1] == recurrentKernel.shape[1],
      let shape = CellShape(
        packed: kernel.shape[1], inputSize: kernel.shape[0], hiddenSize: recurrentKernel.shape[0])
    else { return nil }
    var tensors = ["kernel": kernel, "recurrent_kernel": recurrentKernel]
    tensors["bias"] = bias
    var said = LayerOptions(kind: shape.kind)
    // Where there is a bias its rank says it.
    if shape.kind == .gru, let bias { said.resetAfter = bias.shape.count == 2 }
    self.init(said: said, inputSize: shape.inputSize, hiddenSize: shape.hiddenSize, tensors: tensors)
  }
}

extension String {
  /// "kernel" of "kernel:0", as TensorFlow names a variable.
  var withoutVariableNumber: String { hasSuffix(":0") ? String(dropLast(2)) : self }
}
