/// The gated recurrent unit, as the frameworks write it.
///
/// Two choices change the result, not only its rounding: whether the reset gate r is applied after the
/// recurrent product, bias included (`r ⊙ (h U + b_hn)`), or before it (`(r ⊙ h) U`); and whether the update
/// gate z keeps the old state or takes the new one. After the product, `b_hn` cannot be merged into `b_in`.
///
/// Shapes: `x (B, I)`, `h (B, H)`, weights `W_i• (H, I)`, `W_h• (H, H)`, biases `(H)`, result `(B, H)`.
public enum GRU {
  /// PyTorch, reset after:
  ///
  ///     r_t = σ(W_ir x_t + b_ir + W_hr h_{t−1} + b_hr)
  ///     z_t = σ(W_iz x_t + b_iz + W_hz h_{t−1} + b_hz)
  ///     n_t = tanh(W_in x_t + b_in + r_t ⊙ (W_hn h_{t−1} + b_hn))
  ///     h_t = (h_{t−1} − n_t) ⊙ z_t + n_t
  ///
  /// Source: `torch.nn.GRU` documentation, which has `(1 − z) ⊙ n + z ⊙ h`; the blend is written here as
  /// `aten/src/ATen/native/RNN.cpp`, `GRUCell`, computes it.
  public static func pyTorch<S: Scalar>(x: Matrix<S>, h: Matrix<S>, _ cell: GRUCell<S>) -> Matrix<S> {
    let (σ, tanh) = (cell.recurrentActivation, cell.activation)
    let r = σ(cell.reset.input(x) + cell.reset.recurrent(h))
    let z = σ(cell.update.input(x) + cell.update.recurrent(h))
    let n = tanh(cell.new.input(x) + r ⊙ cell.inner(x: x, h: h))
    return (h - n) ⊙ z + n
  }

  /// Keras, `reset_after=True`, with biases `(2, 3H)`:
  ///
  ///     z = σ((x W_z + b_z) + (h U_z + b′_z))
  ///     r = σ((x W_r + b_r) + (h U_r + b′_r))
  ///     hh = tanh((x W_h + b_h) + r ⊙ (h U_h + b′_h))
  ///     h = z ⊙ h + (1 − z) ⊙ hh
  ///
  /// Source: `keras/src/layers/rnn/gru.py`, `GRUCell.call`.
  public static func kerasResetAfter<S: Scalar>(
    x: Matrix<S>, h: Matrix<S>, _ cell: GRUCell<S>
  ) -> Matrix<S> {
    let (σ, tanh) = (cell.recurrentActivation, cell.activation)
    let z = σ(cell.update.input(x) + cell.update.recurrent(h))
    let r = σ(cell.reset.input(x) + cell.reset.recurrent(h))
    let hh = tanh(cell.new.input(x) + r ⊙ cell.inner(x: x, h: h))
    return z ⊙ h + (1 - z) ⊙ hh
  }

  /// Keras, `reset_after=False`, with one bias `(3H)`; ONNX, `linear_before_reset = 0`, with two:
  ///
  ///     z = σ(x W_z + b_z + h U_z)
  ///     r = σ(x W_r + b_r + h U_r)
  ///     hh = tanh(x W_h + b_h + (r ⊙ h) U_h)
  ///     h = z ⊙ h + (1 − z) ⊙ hh
  ///
  /// Source: `keras/src/layers/rnn/gru.py`, `GRUCell.call`; ONNX operator GRU.
  public static func resetBefore<S: Scalar>(x: Matrix<S>, h: Matrix<S>, _ cell: GRUCell<S>) -> Matrix<S> {
    let (σ, tanh) = (cell.recurrentActivation, cell.activation)
    let z = σ(cell.update.input(x) + cell.update.recurrent(h))
    let r = σ(cell.reset.input(x) + cell.reset.recurrent(h))
    let hh = tanh(cell.new.input(x) + cell.new.recurrent(r ⊙ h))
    return z ⊙ h + (1 - z) ⊙ hh
  }

  /// ONNX, with `clip`:
  ///
  ///     zt = f(clip(Xt Wzᵀ + Ht−1 Rzᵀ + Wbz + Rbz))
  ///     rt = f(clip(Xt Wrᵀ + Ht−1 Rrᵀ + Wbr + Rbr))
  ///     ht = g(clip(Xt Whᵀ + (rt ⊙ Ht−1) Rhᵀ + Rbh + Wbh))      linear_before_reset = 0
  ///     ht = g(clip(Xt Whᵀ + rt ⊙ (Ht−1 Rhᵀ + Rbh) + Wbh))      linear_before_reset ≠ 0
  ///     Ht = (1 − zt) ⊙ ht + zt ⊙ Ht−1
  ///
  /// The recurrent product inside `rt ⊙ (·)` is not clipped by itself. Source: ONNX operator GRU;
  /// `onnxruntime/core/providers/cpu/rnn/deep_cpu_gru.cc`; measured with ONNX Runtime 1.32.
  public static func onnx<S: Scalar>(x: Matrix<S>, h: Matrix<S>, _ cell: GRUCell<S>) -> Matrix<S> {
    let (f, g) = (cell.recurrentActivation, cell.activation)
    let z = f((cell.update.input(x) + cell.update.recurrent(h)).clipped(to: cell.clip))
    let r = f((cell.reset.input(x) + cell.reset.recurrent(h)).clipped(to: cell.clip))
    let recurrent = cell.resetAfter ? r ⊙ cell.inner(x: x, h: h) : cell.new.recurrent(r ⊙ h)
    let hh = g((cell.new.input(x) + recurrent).clipped(to: cell.clip))
    return (1 - z) ⊙ hh + z ⊙ h
  }
}

/// The parameters of a gated recurrent unit and the formula they are for.
public struct GRUCell<S: Scalar>: Equatable, Sendable {
  /// r
  public var reset: Gate<S>
  /// z
  public var update: Gate<S>
  /// n, in Keras h
  public var new: Gate<S>
  /// Of the new gate; tanh in every framework unless it is said.
  public var activation: Activation
  /// Of the reset and the update gate; sigmoid unless it is said.
  public var recurrentActivation: Activation
  /// Whether r multiplies the recurrent product, bias included, rather than the state before it.
  public var resetAfter: Bool
  /// Whether z keeps the old state or takes the new one.
  public var blend: GRUBlend
  /// What the arguments of all activations are clipped to, ± `clip`; nil where they are not.
  public var clip: Double?
  /// The share of the old h in the new one, as of a zoneout that stayed on at inference; no framework declares it.
  public var zoneout = 0.0
  /// `(H, I)`: what r multiplies beside the recurrent product where it resets after that, as of a buffer that is not
  /// cleared; no framework declares it.
  public var innerInput: Matrix<S>?
  /// Whether there are two biases, as in PyTorch, or one, as in Keras.
  public var formula: BiasFormula

  /// A cell of three gates of one shape; what is not given is PyTorch's.
  public init(
    reset: Gate<S>, update: Gate<S>, new: Gate<S>, activation: Activation = .tanh,
    recurrentActivation: Activation = .sigmoid, resetAfter: Bool = true, blend: GRUBlend = .updateKeeps,
    clip: Double? = nil, formula: BiasFormula
  ) {
    self.reset = reset
    self.update = update
    self.new = new
    self.activation = activation
    self.recurrentActivation = recurrentActivation
    self.resetAfter = resetAfter
    self.blend = blend
    self.clip = clip
    self.formula = formula
  }

  /// `h_t` from `x_t (B, I)` and `h_{t−1} (B, H)`.
  public func step(x: Matrix<S>, h: Matrix<S>) -> Matrix<S> { next(x: x, h: h).zoned(by: zoneout, from: h) }

  /// What the reset gate multiplies after the recurrent product, `h W_hnᵀ + b_hn`.
  func inner(x: Matrix<S>, h: Matrix<S>) -> Matrix<S> {
    let product = new.recurrent(h)
    return innerInput.map { product + x * $0.T } ?? product
  }

  private func next(x: Matrix<S>, h: Matrix<S>) -> Matrix<S> {
    precondition(blend == .updateKeeps, "no framework's formula: see Primer.gru")
    guard clip == nil else { return GRU.onnx(x: x, h: h, self) }
    switch (formula, resetAfter) {
    case (.twoBias, true): return GRU.pyTorch(x: x, h: h, self)
    case (.oneBias, true): return GRU.kerasResetAfter(x: x, h: h, self)
    case (_, false): return GRU.resetBefore(x: x, h: h, self)
    }
  }
}

/// What the update gate z does.
public enum GRUBlend: String, Sendable {
  /// `h′ = (1 − z) n + z h`: PyTorch, Keras, ONNX; Cho et al. (2014).
  case updateKeeps
  /// `h′ = z n + (1 − z) h`: Chung et al. (2014); Goldberg's Primer.
  case updateTakes
}
