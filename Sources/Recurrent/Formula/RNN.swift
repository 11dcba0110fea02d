/// The plain (Elman) recurrent cell, in the two ways the frameworks write it.
///
/// The two functions are kept apart so that each can be read beside the text it cites. They agree when
/// `b = b_ih + b_hh`; `RNNCell` says which of the two a network means.
///
/// Shapes: `x (B, I)`, `h (B, H)`, result `(B, H)`.
public enum RNN {
  /// PyTorch: `h_t = tanh(x_t W_ihᵀ + b_ih + h_{t−1} W_hhᵀ + b_hh)`.
  ///
  /// Source: `torch.nn.RNN` documentation; `aten/src/ATen/native/RNN.cpp`, `SimpleCell`.
  /// `W_ih (H, I)`, `W_hh (H, H)`, `b_ih (H)`, `b_hh (H)`; f is tanh or ReLU.
  public static func twoBias<S: Scalar>(
    x: Matrix<S>, h: Matrix<S>, weightIH W_ih: Matrix<S>, weightHH W_hh: Matrix<S>, biasIH b_ih: [S]?,
    biasHH b_hh: [S]?, activation f: Activation
  ) -> Matrix<S> {
    f((x * W_ih.T + b_ih) + (h * W_hh.T + b_hh))
  }

  /// TensorFlow 2 and Keras: `h_t = tanh(x_t W + b + h_{t−1} U)`.
  ///
  /// Source: `keras/src/layers/rnn/simple_rnn.py`, `SimpleRNNCell.call`.
  /// `W (I, H)`, `U (H, H)`, `b (H)`; f is tanh or ReLU.
  public static func oneBias<S: Scalar>(
    x: Matrix<S>, h: Matrix<S>, kernel W: Transpose<S>, recurrentKernel U: Transpose<S>, bias b: [S]?,
    activation f: Activation
  ) -> Matrix<S> {
    f((x * W + b) + h * U)
  }

  /// ONNX, with `clip`: `Ht = f(clip(Xt Wᵀ + Ht−1 Rᵀ + Wb + Rb))`.
  ///
  /// Source: ONNX operator RNN; `onnxruntime/core/providers/cpu/rnn/rnn.cc`, `ApplyActivationToBatches`.
  public static func onnx<S: Scalar>(x: Matrix<S>, h: Matrix<S>, _ cell: RNNCell<S>) -> Matrix<S> {
    cell.activation((cell.gate.input(x) + cell.gate.recurrent(h)).clipped(to: cell.clip))
  }
}

/// The parameters of a plain recurrent cell and the formula they are for.
public struct RNNCell<S: Scalar>: Equatable, Sendable {
  /// The only gate: `weightIH (H, I)`, `weightHH (H, H)`, biases `(H)`.
  public var gate: Gate<S>
  /// The f of `h_t = f(…)`.
  public var activation: Activation
  /// What the argument of the activation is clipped to, ± `clip`; nil where it is not.
  public var clip: Double?
  /// The share of the old h in the new one, as of a zoneout that stayed on at inference; no framework declares it.
  public var zoneout = 0.0
  /// Whether there are two biases, as in PyTorch, or one, as in Keras.
  public var formula: BiasFormula

  /// A cell of one gate.
  public init(gate: Gate<S>, activation: Activation, clip: Double? = nil, formula: BiasFormula) {
    self.gate = gate
    self.activation = activation
    self.clip = clip
    self.formula = formula
  }

  /// `h_t` from `x_t (B, I)` and `h_{t−1} (B, H)`.
  public func step(x: Matrix<S>, h: Matrix<S>) -> Matrix<S> { next(x: x, h: h).zoned(by: zoneout, from: h) }

  private func next(x: Matrix<S>, h: Matrix<S>) -> Matrix<S> {
    guard clip == nil else { return RNN.onnx(x: x, h: h, self) }
    return switch formula {
    case .twoBias:
      RNN.twoBias(
        x: x, h: h, weightIH: gate.weightIH, weightHH: gate.weightHH, biasIH: gate.biasIH,
        biasHH: gate.biasHH, activation: activation)
    case .oneBias:
      RNN.oneBias(
        x: x, h: h, kernel: gate.weightIH.T, recurrentKernel: gate.weightHH.T, bias: gate.biasIH,
        activation: activation)
    }
  }
}
