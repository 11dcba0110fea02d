/// How a bidirectional layer's two outputs become one.
public enum MergeMode: String, CaseIterable, Sendable {
  /// Both, forward first: `(T, B, 2S)`.
  case concat
  /// Their sum, `(T, B, S)`.
  case sum
  /// Their product, element by element: `(T, B, S)`.
  case mul
  /// Half of their sum, `(T, B, S)`.
  case ave

  /// The merged output of one pass, or of the forward and the backward pass: `(T, B, D · H)` concatenated, else
  /// `(T, B, H)`.
  public func merged<S: Scalar>(_ parts: [BatchedSequence<S>]) -> BatchedSequence<S> {
    precondition(1...2 ~= parts.count)
    guard parts.count == 2 else { return parts[0] }
    let (forward, backward) = (parts[0], parts[1])
    precondition(forward.timesteps == backward.timesteps && forward.batch == backward.batch)
    switch self {
    case .concat: return concatenated(forward, backward)
    case .sum, .mul, .ave:
      precondition(forward.features == backward.features)
      var result = forward
      for i in result.elements.indices {
        result.elements[i] = combined(forward.elements[i], backward.elements[i])
      }
      return result
    }
  }

  /// One element of a merged output that is not concatenated.
  private func combined<S: Scalar>(_ a: S, _ b: S) -> S {
    switch self {
    case .concat: preconditionFailure("concatenation combines no elements")
    case .sum: a + b
    case .mul: a * b
    case .ave: (a + b) / 2
    }
  }

  private func concatenated<S: Scalar>(
    _ a: BatchedSequence<S>, _ b: BatchedSequence<S>
  ) -> BatchedSequence<S> {
    var elements: [S] = []
    elements.reserveCapacity(a.elements.count + b.elements.count)
    for t in 0..<a.timesteps {
      for row in 0..<a.batch {
        elements.append(contentsOf: a.elements[a.range(t, row)])
        elements.append(contentsOf: b.elements[b.range(t, row)])
      }
    }
    return BatchedSequence(
      timesteps: a.timesteps, batch: a.batch, features: a.features + b.features, elements: elements)
  }
}
