import Recurrent

/// A weight as a framework stores it: native shape and packing, values widened to Float64.
public struct NativeTensor: Equatable, Sendable {
  public let shape: [Int]
  /// Row-major.
  public let values: [Double]

  public init(shape: [Int], values: [Double]) {
    precondition(shape.reduce(1, *) == values.count)
    self.shape = shape
    self.values = values
  }
}

extension NativeTensor {
  init(_ matrix: Matrix<Double>) {
    self.init(shape: [matrix.rows, matrix.columns], values: matrix.elements)
  }

  init(_ vector: [Double]) {
    self.init(shape: [vector.count], values: vector)
  }
}
