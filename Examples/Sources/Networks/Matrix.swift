/// A matrix of this package's own, row-major.
public struct Matrix<Element: BinaryFloatingPoint & Sendable>: Sendable {
  public let columns: Int
  public var elements: [Element]

  public init(columns: Int, elements: [Element]) {
    self.columns = columns
    self.elements = elements
  }

  /// `W x + b`, each sum rounded as it goes.
  public func times(_ x: [Element], plus bias: [Element]) -> [Element] {
    bias.indices.map { row in
      var sum = bias[row]
      for column in 0..<columns { sum += elements[row * columns + column] * x[column] }
      return sum
    }
  }
}
