/// What a run declares of its arithmetic; the raw value is the format's.
public enum DeclaredPrecision: String, CaseIterable, Sendable {
  /// Everything in binary64.
  case float64
  /// Everything in binary32.
  case float32
  /// Everything in binary16.
  case float16
  /// Everything in bfloat16.
  case bfloat16
  /// Float32, with the operands of matrix products rounded to TensorFloat-32.
  case tf32
  /// PyTorch's autocast to float16.
  case autocastFloat16 = "autocast-float16"
  /// PyTorch's autocast to bfloat16.
  case autocastBFloat16 = "autocast-bfloat16"
  /// Keras's policy `mixed_float16`.
  case mixedFloat16 = "mixed-float16"
  /// Keras's policy `mixed_bfloat16`.
  case mixedBFloat16 = "mixed-bfloat16"
  /// Float32, with dynamically quantized matrix products.
  case dynamicInt8 = "int8-dynamic"

  /// The format that every operation's result is in; nil where only operands of matrix products are rounded.
  ///
  /// Under Keras's mixed policies the variables alone are wider. Autocast is whole where the cell is: PyTorch's
  /// `nn.LSTM` then returns the lower format, its `nn.GRU` does not.
  public var wholeFormat: FloatFormat? {
    switch self {
    case .float64: .float64
    case .float32: .float32
    case .float16, .mixedFloat16, .autocastFloat16: .float16
    case .bfloat16, .mixedBFloat16, .autocastBFloat16: .bfloat16
    case .tf32, .dynamicInt8: nil
    }
  }

  /// Whether states in a finer format are no contradiction.
  public var mayBePartial: Bool {
    switch self {
    case .autocastFloat16, .autocastBFloat16, .tf32, .dynamicInt8: true
    case .float64, .float32, .float16, .bfloat16, .mixedFloat16, .mixedBFloat16: false
    }
  }
}
