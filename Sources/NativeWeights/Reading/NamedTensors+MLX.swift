import Recurrent
import RecurrentConventions

/// `mlx.nn`'s `RNN`, `GRU` and `LSTM` by the names of their parameters: `encoder.Wx`, `encoder.Wh`, `encoder.bias`.
extension NamedTensors {
  mutating func takeMLXLayers() throws(WeightFileError) -> [WeightLayer] {
    var layers: [WeightLayer] = []
    for name in names {
      let (head, tail) = name.splitBehindLast([".", "/"])
      guard tail == "Wx" || tail == "Wxh", let input = self[name] else { continue }
      let recurrentName = head + (tail == "Wx" ? "Wh" : "Whh")
      guard let recurrent = self[recurrentName] else {
        throw error(recurrentName, expected: "a matrix beside \(tail)", found: "nothing")
      }
      guard input.shape.count == 2, recurrent.shape.count == 2, input.shape[0] == recurrent.shape[0],
        let shape = CellShape(
          packed: input.shape[0], inputSize: input.shape[1], hiddenSize: recurrent.shape[1])
      else {
        throw error(
          recurrentName, expected: "\(tail) (G·H, I) and (G·H, H) of G = 1, 3 or 4 gates",
          found: "\(input.shapeText) and \(recurrent.shapeText)")
      }
      var tensors = ["Wx": take(name), "Wh": take(recurrentName)].compactMapValues { $0 }
      for bias in shape.kind == .gru ? ["b", "bhn"] : ["bias"] { tensors[bias] = take(head + bias) }
      let isGated = shape.kind != .rnn
      let said = LayerOptions(
        kind: shape.kind, activation: isGated ? .tanh : nil, recurrentActivation: isGated ? .sigmoid : nil,
        resetAfter: shape.kind == .gru ? true : nil, direction: .forward)
      layers.append(
        WeightLayer(
          name: head.isEmpty ? shape.kind.rawValue : head.withoutSeparator, convention: .mlx,
          passes: [
            WeightPass(
              said: said, inputSize: shape.inputSize, hiddenSize: shape.hiddenSize, tensors: tensors)
          ]))
    }
    return layers
  }
}
