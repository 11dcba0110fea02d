import Recurrent

/// What a convention says of a cell, for a person.
public struct ConventionSheet: Sendable {
  /// Whose notation it is.
  public let convention: Convention
  /// Of which cell.
  public let kind: CellKind

  /// The sheet of that cell in that convention.
  public init(_ convention: Convention, _ kind: CellKind) {
    self.convention = convention
    self.kind = kind
  }

  /// One line for each equation, in the framework's own notation.
  public var formula: [String] {
    switch (convention, kind) {
    case (.pytorch, .rnn): ["h_t = f(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh)"]
    case (.keras, .rnn): ["h_t = f(x_t W + b + h_{t−1} U)"]
    case (.onnx, .rnn): ["H_t = f(clip(X_t Wᵀ + H_{t−1} Rᵀ + Wb + Rb))"]
    case (.flax, .rnn): ["h′ = f(x W_i + b_i + h W_h)"]
    case (.mlx, .rnn): ["h_t = f(x_t W_xᵀ + b + h_{t−1} W_hᵀ)"]
    case (.pytorch, .gru):
      [
        "r_t = σ(W_ir x_t + b_ir + W_hr h_{t−1} + b_hr)", "z_t = σ(W_iz x_t + b_iz + W_hz h_{t−1} + b_hz)",
        "n_t = tanh(W_in x_t + b_in + r_t ⊙ (W_hn h_{t−1} + b_hn))", "h_t = (1 − z_t) ⊙ n_t + z_t ⊙ h_{t−1}",
      ]
    case (.flax, .gru), (.mlx, .gru):
      [
        "r = σ(W_ir x + b_ir + W_hr h)", "z = σ(W_iz x + b_iz + W_hz h)",
        "n = tanh(W_in x + b_in + r ⊙ (W_hn h + b_hn))", "h′ = (1 − z) ⊙ n + z ⊙ h",
      ]
    case (.keras, .gru), (.onnx, .gru):
      [
        "z = σ(x W_z + b_z + h U_z + b′_z)", "r = σ(x W_r + b_r + h U_r + b′_r)",
        "ĥ = tanh(x W_h + b_h + r ⊙ (h U_h + b′_h))     reset after",
        "ĥ = tanh(x W_h + b_h + (r ⊙ h) U_h)            reset before", "h = z ⊙ h + (1 − z) ⊙ ĥ",
      ] + (convention == .onnx ? ["clip: the arguments of σ and tanh are clipped to ± clip"] : [])
    case (.onnx, .lstm):
      [
        "i = σ(clip(W_i x + U_i h + P_i ⊙ c + biases)), f likewise, with input_forget: f = 1 − i",
        "g = tanh(clip(W_g x + U_g h + biases))", "c′ = f ⊙ c + i ⊙ g",
        "o = σ(clip(W_o x + U_o h + P_o ⊙ c′ + biases))", "h′ = o ⊙ tanh(c′)",
      ]
    case (_, .lstm):
      [
        "i = σ(W_i x + U_i h + biases), f, o likewise", "g = tanh(W_g x + U_g h + biases)",
        "c = f ⊙ c + i ⊙ g",
        "h = o ⊙ tanh(c)" + (convention == .pytorch ? ", projected: h = W_hr (o ⊙ tanh(c))" : ""),
      ]
    }
  }

  /// "r, z, n"
  public var gateOrder: String {
    convention.gateOrder(kind).map { $0 == .hidden ? "–" : convention.letter($0) }.joined(separator: ", ")
  }

  /// Native names and shapes.
  public var weights: String {
    let rows = kind == .rnn ? "H" : kind == .gru ? "3H" : "4H"
    return switch convention {
    case .pytorch: "weight_ih (\(rows), I), weight_hh (\(rows), H); x @ Wᵀ"
    case .keras: "kernel (I, \(rows)), recurrent_kernel (H, \(rows)); x @ W"
    case .onnx:
      "W (\(rows), I), R (\(rows), H)" + (kind == .lstm ? ", P (3H): peepholes i, o, f" : "") + "; x @ Wᵀ"
    case .flax: "a gate each: <gate>/kernel (I, H) of the input, (H, H) of the state; x @ W"
    case .mlx: "Wx (\(rows), I), Wh (\(rows), H); x @ Wᵀ"
    }
  }

  /// How many biases there are, and whether they may be summed.
  public var biases: String {
    let rows = kind == .rnn ? "H" : kind == .gru ? "3H" : "4H"
    return switch (convention, kind) {
    case (.pytorch, .gru): "bias_ih (3H), bias_hh (3H); b_hn must stay apart, the others may be summed"
    case (.pytorch, _): "bias_ih (\(rows)), bias_hh (\(rows)); only their sum matters"
    case (.keras, .gru): "reset after: bias (2, 3H), input row first; reset before: bias (3H)"
    case (.keras, _): "bias (\(rows)), which is bias_ih + bias_hh"
    case (.flax, .rnn): "i/bias (H), which is bias_ih + bias_hh"
    case (.flax, .gru): "ir/bias, iz/bias, in/bias (H), the first two sums; hn/bias (H), which nnx has not"
    case (.flax, .lstm): "hi/bias, hf/bias, hg/bias, ho/bias (H), which are bias_ih + bias_hh"
    case (.mlx, .gru): "b (3H), of r and z the sums; bhn (H)"
    case (.mlx, _): "bias (\(rows)), which is bias_ih + bias_hh"
    case (.onnx, .gru): "B (6H) = [Wb, Rb]; Rb_h must stay apart if linear_before_reset"
    case (.onnx, _): "B (\(rows == "H" ? "2H" : "8H")) = [Wb, Rb]; only their sum matters"
    }
  }
}
