/// A batch of sequences, time-major: `(T, B, D)`.
public struct BatchedSequence<S: Scalar>: Equatable, Sendable {
  /// T, the number of timesteps.
  public let timesteps: Int
  /// B, the number of sequences.
  public let batch: Int
  /// D, the number of values a step holds.
  public let features: Int
  /// `T · B · D` values; element `(t, b, d)` is `elements[(t * batch + b) * features + d]`. Their number stays: with
  /// another one the program stops where the sequence is used.
  public var elements: [S]

  /// A sequence of these elements, time-major.
  ///
  /// - Precondition: there are `T · B · D` elements.
  public init(timesteps: Int, batch: Int, features: Int, elements: [S]) {
    precondition(elements.count == timesteps * batch * features)
    self.timesteps = timesteps
    self.batch = batch
    self.features = features
    self.elements = elements
  }

  /// Zeros `(timesteps, batch, features)`.
  public init(zeros timesteps: Int, _ batch: Int, _ features: Int) {
    self.init(
      timesteps: timesteps, batch: batch, features: features,
      elements: [S](repeating: 0, count: timesteps * batch * features))
  }

  /// The element of timestep, sequence of the batch, and feature, each from 0.
  @inlinable
  public subscript(t: Int, b: Int, d: Int) -> S {
    get { elements[(t * batch + b) * features + d] }
    set { elements[(t * batch + b) * features + d] = newValue }
  }

  /// One timestep of the whole batch, `(B, D)`.
  public subscript(t: Int) -> Matrix<S> {
    get {
      let count = batch * features
      return Matrix(rows: batch, columns: features, elements: Array(elements[t * count..<(t + 1) * count]))
    }
    set {
      precondition(newValue.rows == batch && newValue.columns == features)
      let count = batch * features
      elements.replaceSubrange(t * count..<(t + 1) * count, with: newValue.elements)
    }
  }

  /// Where the values of step `t` of sequence `b` lie in `elements`.
  @inlinable
  public func range(_ t: Int, _ b: Int) -> Range<Int> {
    let start = (t * batch + b) * features
    return start..<start + features
  }

  /// The same values in another scalar type, each rounded to nearest where it does not fit.
  public func converted<T: Scalar>(to type: T.Type) -> BatchedSequence<T> {
    BatchedSequence<T>(
      timesteps: timesteps, batch: batch, features: features, elements: T.rounded(S.widened(elements)))
  }
}
