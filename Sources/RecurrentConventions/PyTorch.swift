import Recurrent

/// PyTorch's `torch.nn.RNN`: `weight_ih (H, I)`, `weight_hh (H, H)`, `bias_ih (H)`, `bias_hh (H)`; `x @ Wᵀ`.
///
/// Source: `torch/nn/modules/rnn.py`. A module with `bias=False` has neither bias, so one without the other
/// is not a PyTorch cell.
enum PyTorch {
  /// The order of one pass's parameters in a module.
  static let parameterOrder = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]

  /// `weight_ih_l0`, `weight_ih_l0_reverse`
  static func name(_ parameter: String, layer: Int, direction: Direction) -> String {
    "\(parameter)_l\(layer)" + (direction == .backward ? "_reverse" : "")
  }

  static func gate(
    _ cell: CellDescription, _ reader: inout TensorReader
  ) throws(ConventionError) -> Gate<Double> {
    let (I, H) = (cell.inputSize, cell.hiddenSize)
    let gate = Gate(
      weightIH: try reader.matrix("weight_ih", H, I), weightHH: try reader.matrix("weight_hh", H, H),
      biasIH: try reader.bias("bias_ih", H), biasHH: try reader.bias("bias_hh", H))
    switch (gate.biasIH, gate.biasHH) {
    case (nil, .some): throw ConventionError(tensor: "bias_ih", expected: "shape (\(H))", found: "nothing")
    case (.some, nil): throw ConventionError(tensor: "bias_hh", expected: "shape (\(H))", found: "nothing")
    default: return gate
    }
  }

  static func tensors(_ cell: RNNCell<Double>) -> [String: NativeTensor] {
    precondition(cell.formula == .twoBias)
    var tensors = [
      "weight_ih": NativeTensor(cell.gate.weightIH), "weight_hh": NativeTensor(cell.gate.weightHH),
    ]
    tensors["bias_ih"] = cell.gate.biasIH.map(NativeTensor.init)
    tensors["bias_hh"] = cell.gate.biasHH.map(NativeTensor.init)
    return tensors
  }
}

extension NativeTensor {
  init(_ matrix: Matrix<Double>) {
    self.init(shape: [matrix.rows, matrix.columns], values: matrix.elements)
  }

  init(_ vector: [Double]) {
    self.init(shape: [vector.count], values: vector)
  }
}
