import Recurrent
import RecurrentConventions
import Testing

/// A plain cell of I = 2 and H = 3 in each convention, no two values alike.
enum Tensors {
  static let description = CellDescription(inputSize: 2, hiddenSize: 3, activation: .tanh)

  static let pytorch = [
    "weight_ih": NativeTensor(shape: [3, 2], values: [1, 2, 3, 4, 5, 6]),
    "weight_hh": NativeTensor(shape: [3, 3], values: [11, 12, 13, 14, 15, 16, 17, 18, 19]),
    "bias_ih": NativeTensor(shape: [3], values: [21, 22, 23]),
    "bias_hh": NativeTensor(shape: [3], values: [31, 32, 33]),
  ]

  static let keras = [
    "kernel": NativeTensor(shape: [2, 3], values: [1, 2, 3, 4, 5, 6]),
    "recurrent_kernel": NativeTensor(shape: [3, 3], values: [11, 12, 13, 14, 15, 16, 17, 18, 19]),
    "bias": NativeTensor(shape: [3], values: [21, 22, 23]),
  ]

  static let onnx = [
    "W": NativeTensor(shape: [3, 2], values: [1, 2, 3, 4, 5, 6]),
    "R": NativeTensor(shape: [3, 3], values: [11, 12, 13, 14, 15, 16, 17, 18, 19]),
    "B": NativeTensor(shape: [6], values: [21, 22, 23, 31, 32, 33]),
  ]

  static let flax = [
    "i/kernel": NativeTensor(shape: [2, 3], values: [1, 2, 3, 4, 5, 6]),
    "h/kernel": NativeTensor(shape: [3, 3], values: [11, 12, 13, 14, 15, 16, 17, 18, 19]),
    "i/bias": NativeTensor(shape: [3], values: [21, 22, 23]),
  ]

  static let mlx = [
    "Wx": NativeTensor(shape: [3, 2], values: [1, 2, 3, 4, 5, 6]),
    "Wh": NativeTensor(shape: [3, 3], values: [11, 12, 13, 14, 15, 16, 17, 18, 19]),
    "bias": NativeTensor(shape: [3], values: [21, 22, 23]),
  ]

  static func native(_ convention: Convention) -> [String: NativeTensor] {
    switch convention {
    case .pytorch: pytorch
    case .keras: keras
    case .onnx: onnx
    case .flax: flax
    case .mlx: mlx
    }
  }

  static func withoutBias(_ convention: Convention) -> [String: NativeTensor] {
    native(convention).filter { !$0.key.contains("bias") && $0.key != "B" }
  }
}

extension Cell<Double> {
  var rnn: RNNCell<Double>? {
    switch self {
    case .rnn(let cell): cell
    case .gru, .lstm: nil
    }
  }

  /// The only gate of a plain cell.
  var gate: Gate<Double> { gates[0].gate }

  func step(x: Matrix<Double>, h: Matrix<Double>) -> Matrix<Double> { step(x: x, State(h: h)).h }
}
