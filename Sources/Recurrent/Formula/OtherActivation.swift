import RealModule

/// Activations that no file can declare, and that cells are built with. Most are not monotone.
public enum OtherActivation: String, CaseIterable, Sendable {
  /// `x Φ(x)`. Source: `torch.nn.GELU`, `keras.activations.gelu`.
  case gelu
  /// `x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2`. Source: `torch.nn.GELU(approximate="tanh")`.
  case geluTanh = "gelu_tanh"
  /// `x σ(x)`, also called swish. Source: `torch.nn.SiLU`, `keras.activations.silu`.
  case silu
  /// `x tanh(log(1 + eˣ))`. Source: `torch.nn.Mish`, `keras.activations.mish`.
  case mish
  /// `min(max(x, 0), 6)`. Source: `torch.nn.ReLU6`, `keras.activations.relu6`.
  case relu6
  /// `sin x`.
  case sine = "sin"
  /// `1.7159 tanh(2x / 3)`. Source: LeCun et al., "Efficient BackProp" (1998), section 4.4; ONNX operator ScaledTanh.
  case scaledTanh = "scaled_tanh"

  /// `f(x)`, in the scalar's own arithmetic. NaN stays NaN.
  @inlinable
  func callAsFunction<S: Scalar>(_ x: S) -> S {
    switch self {
    case .gelu: x / 2 * (1 + S.erf(x * S(0.7071067811865476)))
    case .geluTanh: x / 2 * (1 + S.tanh(S(0.7978845608028654) * (x + S(0.044715) * x * x * x)))
    case .silu: x / (1 + S.exp(-x))
    case .mish: x * S.tanh((x < 0 ? 0 : x) + S.log(onePlus: S.exp(-abs(x))))
    case .relu6: x < 0 ? 0 : x > 6 ? 6 : x
    case .sine: S.sin(x)
    case .scaledTanh: S(1.7159) * S.tanh(x * 2 / 3)
    }
  }
}
