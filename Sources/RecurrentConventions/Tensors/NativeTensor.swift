import Recurrent

/// A weight as a framework stores it: native shape and packing, values widened to Float64.
public struct NativeTensor: Equatable, Sendable {
  /// The axes, slowest first.
  public let shape: [Int]
  /// Row-major.
  public let values: [Double]

  /// A tensor in a framework's own shape.
  ///
  /// - Parameters:
  ///   - shape: the size of each axis.
  ///   - values: row-major, as many as the shape has: that is asked of where the tensor is read, which throws.
  public init(shape: [Int], values: [Double]) {
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
