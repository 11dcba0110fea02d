/// An array of any rank, row-major: what an implementation under test is given, and may return.
public struct ParityTensor<Element: ParityElement>: Equatable, Sendable {
  /// The length of every axis.
  public var shape: [Int]
  /// As many as `shape` says, the last axis running fastest. What does not fit is reported when it is judged.
  public var values: [Element]

  /// - Parameters:
  ///   - shape: the length of every axis.
  ///   - values: row-major.
  public init(shape: [Int], values: [Element]) {
    self.shape = shape
    self.values = values
  }

  /// What lies along the last axis at the given place on all others: of `(T, B, I)` step `t` of sequence `b` is
  /// `row(t, b)`, of a matrix `(G·H, I)` row `i` is `row(i)`.
  public func row(_ place: Int...) -> ArraySlice<Element> {
    let index = zip(place, shape).reduce(0) { $0 * $1.1 + $1.0 }
    let length = shape.last ?? 1
    return values[index * length..<(index + 1) * length]
  }

  /// The rows of a matrix; of more axes, those of all but the last in one list.
  public var rows: [[Element]] {
    guard let length = shape.last, length > 0 else { return [] }
    return stride(from: 0, to: values.count, by: length).map {
      Array(values[$0..<min($0 + length, values.count)])
    }
  }

  /// Whether there are as many values as the shape says.
  var isComplete: Bool { shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == values.count }
}

/// What can be returned as an array: a flat array of the right count, nested arrays, or a `ParityTensor`.
///
/// A type of your own (an `MLXArray`, a matrix) may conform as well.
public protocol ParityValues<ParityScalar> {
  /// What each value is.
  associatedtype ParityScalar: ParityElement
  /// The values with their shape.
  var parityTensor: ParityTensor<ParityScalar> { get }
}

extension ParityTensor: ParityValues {
  public var parityTensor: ParityTensor<Element> { self }
}

extension Array: ParityValues where Element: ParityValues {
  /// Nested arrays of one length have an axis more each; where lengths differ, the shape says -1.
  public var parityTensor: ParityTensor<Element.ParityScalar> {
    if let values = self as? [Element.ParityScalar] { return ParityTensor(shape: [count], values: values) }
    let parts = map(\.parityTensor)
    let shape = parts.first?.shape ?? []
    let inner = parts.allSatisfy { $0.shape == shape } ? shape : shape.map { _ in -1 }
    return ParityTensor(shape: [count] + inner, values: parts.flatMap(\.values))
  }
}

extension ArraySlice: ParityValues where Element: ParityValues {
  public var parityTensor: ParityTensor<Element.ParityScalar> { Array(self).parityTensor }
}
