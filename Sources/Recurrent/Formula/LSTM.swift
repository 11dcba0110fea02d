/// The long short-term memory cell, as the frameworks write it.
///
/// Shapes: `x (B, I)`, `h (B, H)` or, projected, `(B, P)`, `c (B, H)`; weights `W_i• (H, I)`, `W_h• (H, H)` or
/// `(H, P)`, biases `(H)`.
public enum LSTM {
  /// PyTorch:
  ///
  ///     i_t = σ(W_ii x_t + b_ii + W_hi h_{t−1} + b_hi)
  ///     f_t = σ(W_if x_t + b_if + W_hf h_{t−1} + b_hf)
  ///     g_t = tanh(W_ig x_t + b_ig + W_hg h_{t−1} + b_hg)
  ///     o_t = σ(W_io x_t + b_io + W_ho h_{t−1} + b_ho)
  ///     c_t = f_t ⊙ c_{t−1} + i_t ⊙ g_t
  ///     h_t = o_t ⊙ tanh(c_t), projected: h_t = W_hr (o_t ⊙ tanh(c_t))
  ///
  /// Source: `torch.nn.LSTM` documentation; `aten/src/ATen/native/RNN.cpp`, `LSTMCell`, `ProjectedLSTM`.
  public static func pyTorch<S: Scalar>(
    x: Matrix<S>, h: Matrix<S>, c: Matrix<S>, _ cell: LSTMCell<S>
  ) -> (h: Matrix<S>, c: Matrix<S>) {
    let (σ, tanh) = (cell.recurrentActivation, cell.activation)
    let i = σ(cell.input.input(x) + cell.input.recurrent(h))
    let f = σ(cell.forget.input(x) + cell.forget.recurrent(h))
    let g = tanh(cell.cell.input(x) + cell.cell.recurrent(h))
    let o = σ(cell.output.input(x) + cell.output.recurrent(h))
    let c_t = f ⊙ c + i ⊙ g
    let h_t = o ⊙ tanh(c_t)
    return (cell.projected(h_t), c_t)
  }

  /// Keras, with one bias `(4H)`:
  ///
  ///     i = σ(x W_i + h U_i + b_i)
  ///     f = σ(x W_f + h U_f + b_f)
  ///     c = f ⊙ c + i ⊙ tanh(x W_c + h U_c + b_c)
  ///     o = σ(x W_o + h U_o + b_o)
  ///     h = o ⊙ tanh(c)
  ///
  /// Source: `keras/src/layers/rnn/lstm.py`, `LSTMCell.call`.
  public static func keras<S: Scalar>(
    x: Matrix<S>, h: Matrix<S>, c: Matrix<S>, _ cell: LSTMCell<S>
  ) -> (h: Matrix<S>, c: Matrix<S>) {
    let (σ, tanh) = (cell.recurrentActivation, cell.activation)
    func z(_ gate: Gate<S>) -> Matrix<S> { x * gate.weightIH.T + h * gate.weightHH.T + gate.biasIH }
    let i = σ(z(cell.input))
    let f = σ(z(cell.forget))
    let c_t = f ⊙ c + i ⊙ tanh(z(cell.cell))
    let o = σ(z(cell.output))
    return (o ⊙ tanh(c_t), c_t)
  }

  /// ONNX, with what only its operator has: peepholes, `clip`, `input_forget`, and a third activation:
  ///
  ///     it = f(clip(Xt Wiᵀ + Ht−1 Riᵀ + Pi ⊙ Ct−1 + Wbi + Rbi))
  ///     ft = f(clip(Xt Wfᵀ + Ht−1 Rfᵀ + Pf ⊙ Ct−1 + Wbf + Rbf)), with input_forget: ft = 1 − it
  ///     ct = g(clip(Xt Wcᵀ + Ht−1 Rcᵀ + Wbc + Rbc))
  ///     Ct = ft ⊙ Ct−1 + it ⊙ ct
  ///     ot = f(clip(Xt Woᵀ + Ht−1 Roᵀ + Po ⊙ Ct + Wbo + Rbo))
  ///     Ht = ot ⊙ h(Ct)
  ///
  /// Ct is not clipped before h. Source: ONNX operator LSTM;
  /// `onnxruntime/core/providers/cpu/rnn/uni_directional_lstm.cc`, `GateComputations`; measured with ONNX
  /// Runtime 1.32.
  public static func onnx<S: Scalar>(
    x: Matrix<S>, h: Matrix<S>, c: Matrix<S>, _ cell: LSTMCell<S>
  ) -> (h: Matrix<S>, c: Matrix<S>) {
    let (f, g, output) = (cell.recurrentActivation, cell.activation, cell.outputActivation ?? cell.activation)
    func z(_ gate: Gate<S>, seeing c: Matrix<S>) -> Matrix<S> {
      let sum = gate.input(x) + gate.recurrent(h)
      return (gate.peephole.map { P in sum + P ⊙ c } ?? sum).clipped(to: cell.clip)
    }
    let i = f(z(cell.input, seeing: c))
    let forget = cell.inputForget ? 1 - i : f(z(cell.forget, seeing: c))
    let c_t = forget ⊙ c + i ⊙ g(z(cell.cell, seeing: c))
    let o = f(z(cell.output, seeing: c_t))
    return (cell.projected(o ⊙ output(c_t)), c_t)
  }

  /// What some runs compute with weights of any of these, beside all that `onnx` has; each part as its
  /// `LSTMDeparture` says:
  ///
  ///     i = 1 − f                                       inputIsCoupled
  ///     o = f(x Woᵀ + h Roᵀ + b) + Po ⊙ c′              peepholesAfterActivation
  ///     h′ = o ⊙ h(max(−θ, min(θ, c′)))                 outputClip θ
  ///     c′ = max(−θ, min(θ, f ⊙ c + i ⊙ g))             cellClip θ
  ///     h_t = p h + (1 − p) h′, c_t = q c + (1 − q) c′  zoneout p, cellZoneout q
  ///
  /// Sources: lmnt-com/haste issue 35 and Krueger et al. (2017) for zoneout at inference, which replaces its mask by
  /// the mask's expectation; `tf.compat.v1.nn.rnn_cell.LSTMCell`, `cell_clip`; Lasagne issue 448.
  public static func departing<S: Scalar>(
    x: Matrix<S>, h: Matrix<S>, c: Matrix<S>, _ cell: LSTMCell<S>
  ) -> (h: Matrix<S>, c: Matrix<S>) {
    let (f, g, output) = (cell.recurrentActivation, cell.activation, cell.outputActivation ?? cell.activation)
    let departure = cell.departure
    func sum(_ gate: Gate<S>) -> Matrix<S> { gate.input(x) + gate.recurrent(h) }
    func gate(_ gate: Gate<S>, _ kind: GateKind, seeing c: Matrix<S>) -> Matrix<S> {
      guard let P = gate.peephole else { return f(sum(gate).clipped(to: cell.clip)) }
      return departure.peepholesAfterActivation.contains(kind)
        ? f(sum(gate).clipped(to: cell.clip)) + P ⊙ c : f((sum(gate) + P ⊙ c).clipped(to: cell.clip))
    }
    let own = departure.inputIsCoupled ? nil : gate(cell.input, .input, seeing: c)
    let forget = cell.inputForget ? own.map { 1 - $0 } : nil
    let kept = forget ?? gate(cell.forget, .forget, seeing: c)
    let taken = own ?? 1 - kept
    let next = (kept ⊙ c + taken ⊙ g(sum(cell.cell).clipped(to: cell.clip))).clipped(to: departure.cellClip)
    let o = gate(cell.output, .output, seeing: next)
    let h_t = cell.projected(o ⊙ output(next.clipped(to: departure.outputClip)))
    return (h_t.zoned(by: departure.zoneout, from: h), next.zoned(by: departure.cellZoneout, from: c))
  }
}

/// The parameters of a long short-term memory cell and the formula they are for.
public struct LSTMCell<S: Scalar>: Equatable, Sendable {
  /// i
  public var input: Gate<S>
  /// f
  public var forget: Gate<S>
  /// g, in Keras c
  public var cell: Gate<S>
  /// o
  public var output: Gate<S>
  /// `(P, H)`: the projection of the output; nil where there is none.
  public var weightHR: Matrix<S>?
  /// Of the gate g, and of c where no other is given; tanh unless it is said.
  public var activation: Activation
  /// Of the gates i, f and o; sigmoid unless it is said.
  public var recurrentActivation: Activation
  /// The f of `o ⊙ f(c)`; nil where it is `activation`, as everywhere but in ONNX.
  public var outputActivation: Activation?
  /// What the arguments of the gates' activations are clipped to, ± `clip`; nil where they are not.
  public var clip: Double?
  /// Whether f is `1 − i`; its own parameters are then unused.
  public var inputForget: Bool
  /// What no framework declares.
  public var departure = LSTMDeparture()
  /// Whether there are two biases, as in PyTorch, or one, as in Keras.
  public var formula: BiasFormula

  /// A cell of four gates of one shape; what is not given is PyTorch's. Traps on a projection in the one-bias
  /// formula, which no framework has.
  public init(
    input: Gate<S>, forget: Gate<S>, cell: Gate<S>, output: Gate<S>, weightHR: Matrix<S>? = nil,
    activation: Activation = .tanh, recurrentActivation: Activation = .sigmoid,
    outputActivation: Activation? = nil, clip: Double? = nil, inputForget: Bool = false, formula: BiasFormula
  ) {
    precondition(formula == .twoBias || weightHR == nil)
    self.input = input
    self.forget = forget
    self.cell = cell
    self.output = output
    self.weightHR = weightHR
    self.activation = activation
    self.recurrentActivation = recurrentActivation
    self.outputActivation = outputActivation
    self.clip = clip
    self.inputForget = inputForget
    self.formula = formula
  }

  /// `h_t` and `c_t` from `x_t (B, I)`, `h_{t−1}` and `c_{t−1}`.
  public func step(x: Matrix<S>, h: Matrix<S>, c: Matrix<S>) -> (h: Matrix<S>, c: Matrix<S>) {
    guard departure == LSTMDeparture() else { return LSTM.departing(x: x, h: h, c: c, self) }
    guard !isExtended else { return LSTM.onnx(x: x, h: h, c: c, self) }
    return switch formula {
    case .twoBias: LSTM.pyTorch(x: x, h: h, c: c, self)
    case .oneBias: LSTM.keras(x: x, h: h, c: c, self)
    }
  }

  /// Whether the cell has what only the ONNX operator has.
  private var isExtended: Bool {
    outputActivation != nil || clip != nil || inputForget
      || [input, forget, cell, output].contains { $0.peephole != nil }
  }

  /// `h W_hrᵀ`, or h where there is no projection.
  func projected(_ h: Matrix<S>) -> Matrix<S> { weightHR.map { W_hr in h * W_hr.T } ?? h }
}
