/// How a run computed in less than the precision of what it stores.
public struct LoweredArithmetic: Equatable, Sendable {
  /// The format's name: `bfloat16`, `tf32`, `int8`.
  public var format: String
  /// What was rounded.
  public var extent: Extent

  /// An arithmetic in that format, to that extent.
  public init(format: String, extent: Extent) {
    self.format = format
    self.extent = extent
  }

  /// What was computed in it.
  public enum Extent: Equatable, Sendable {
    /// Every operation's result.
    case everything
    /// The operands of matrix products were rounded to it.
    case operands
    /// They were truncated.
    case truncatedOperands
    /// Matrix products and what is made of them alone, as PyTorch's autocast does.
    case autocast
    /// The operands of matrix products were quantized when they came, as that framework does.
    case dynamicQuantization(framework: String)
  }

  /// `precision:tf32`
  public var name: String { "precision:\(format)" }
}
