/// How sequences are handed over: the order of their axes, and of their steps.
public struct SequenceLayout: Equatable, Sendable {
  /// The order of the first two axes.
  public enum Axes: Sendable {
    /// `(T, B, I)`
    case timeMajor
    /// `(B, T, I)`, as with `batch_first`, and in Keras.
    case batchMajor
  }

  /// What index t means.
  public enum Steps: Sendable {
    /// Input time, in both directions: a backward pass reads `input[t]` after `input[t + 1]`, from the last valid step
    /// of each sequence on.
    case inputTime
    /// The order in which the pass reads its steps, the valid ones of each sequence first: an implementation that knows
    /// nothing of directions and masks just goes ahead.
    case processingOrder
  }

  /// The order of the first two axes.
  public var axes: Axes
  /// What index t means.
  public var steps: Steps

  /// Time-major, in input time.
  public static let standard = SequenceLayout()
  /// `(B, T, I)`, in input time.
  public static let batchMajor = SequenceLayout(axes: .batchMajor)
  /// `(T, B, I)`, in the order in which the pass reads its steps.
  public static let processingOrder = SequenceLayout(steps: .processingOrder)

  /// A layout of these axes and steps.
  public init(axes: Axes = .timeMajor, steps: Steps = .inputTime) {
    self.axes = axes
    self.steps = steps
  }

  /// The shape of a sequence of that layout.
  func shape(timesteps: Int, batch: Int, features: Int) -> [Int] {
    axes == .timeMajor ? [timesteps, batch, features] : [batch, timesteps, features]
  }
}
