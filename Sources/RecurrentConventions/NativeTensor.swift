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
