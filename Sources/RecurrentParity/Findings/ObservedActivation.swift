/// The activation of a plain cell as its run shows it, where the state is a function of the pre-activation, and another
/// than is known.
public struct ObservedActivation: Equatable, Sendable {
  /// The pre-activations that were seen, and the states made of them.
  public var arguments: ClosedRange<Double>
  public var values: ClosedRange<Double>
  /// `f(−x) = −f(x)`, `f(−x) = f(x)`, or neither.
  public var symmetry: Symmetry
  /// Whether it never falls.
  public var isRising: Bool
  /// What it comes to at the lower end, and at the upper, where it no longer changes there.
  public var lowerLimit: Double?
  public var upperLimit: Double?

  public enum Symmetry: String, Sendable {
    case odd
    case even
    case none
  }
}
