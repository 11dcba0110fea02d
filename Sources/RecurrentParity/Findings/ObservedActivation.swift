/// The activation of a plain cell as its run shows it, where the state is a function of the pre-activation, and another
/// than is known.
public struct ObservedActivation: Equatable, Sendable {
  /// The pre-activations that were seen.
  public var arguments: ClosedRange<Double>
  /// The states that were made of them.
  public var values: ClosedRange<Double>
  /// How it is symmetric about 0.
  public var symmetry: Symmetry
  /// Whether it never falls.
  public var isRising: Bool
  /// What it comes to at the lower end, where it no longer changes there.
  public var lowerLimit: Double?
  /// What it comes to at the upper end, where it no longer changes there.
  public var upperLimit: Double?

  /// How the function is symmetric about 0.
  public enum Symmetry: String, Sendable {
    /// `f(−x) = −f(x)`
    case odd
    /// `f(−x) = f(x)`
    case even
    /// Neither.
    case none
  }
}
