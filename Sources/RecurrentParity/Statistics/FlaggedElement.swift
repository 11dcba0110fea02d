import Recurrent

/// One recorded element that shows why a step was flagged.
public struct FlaggedElement: Equatable, Sendable {
  /// Input time, from 0.
  public var timestep: Int
  /// Which sequence, from 0.
  public var batch: Int
  /// Which unit of the state, from 0.
  public var unit: Int
  /// Of h or of c.
  public var state: StateKind
  /// NaN where the element could not be evaluated.
  public var residual: Double
  /// The certified bound ρ that the residual is held against; NaN where there is none.
  public var bound: Double

  /// An element that cannot be held against anything.
  static func unjudged(_ step: StepIndex, unit: Int = 0, _ state: StateKind = .h) -> FlaggedElement {
    FlaggedElement(
      timestep: step.t, batch: step.b, unit: unit, state: state, residual: .nan, bound: .nan)
  }
}
