internal import CProductKernels
import RealModule

/// A floating-point type that a network can compute in: `Float` or `Double`.
///
/// Generic code reaches its loops through these requirements, which each type implements by calling the same
/// generic function; that pins the specialisation to this module, so a client compiled without cross-module
/// optimisation runs at the same speed.
public protocol Scalar: Real, BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
  /// Runs a pass along a sequence: see `Pass.scan`.
  static func scan(_ pass: Pass<Self>, _ input: BatchedSequence<Self>, lengths: [Int]?) -> PassTrace<Self>

  /// The matrix product `x Wᵀ`: see `Matrix`.
  static func product(_ x: Matrix<Self>, _ w: Transpose<Self>) -> Matrix<Self>

  /// Each value rounded to nearest.
  static func rounded(_ values: [Double]) -> [Self]

  /// Each value, exactly.
  static func widened(_ values: [Self]) -> [Double]
}

extension Float: Scalar {
  public static func scan(
    _ pass: Pass<Float>, _ input: BatchedSequence<Float>, lengths: [Int]?
  ) -> PassTrace<Float> {
    pass.scanned(input, lengths: lengths)
  }

  public static func product(_ x: Matrix<Float>, _ w: Transpose<Float>) -> Matrix<Float> {
    rowProducts(x, w, kernel: row_products_float)
  }

  public static func rounded(_ values: [Double]) -> [Float] { values.map { Float($0) } }
  public static func widened(_ values: [Float]) -> [Double] { values.map { Double($0) } }
}

extension Double: Scalar {
  public static func scan(
    _ pass: Pass<Double>, _ input: BatchedSequence<Double>, lengths: [Int]?
  ) -> PassTrace<Double> {
    pass.scanned(input, lengths: lengths)
  }

  public static func product(_ x: Matrix<Double>, _ w: Transpose<Double>) -> Matrix<Double> {
    rowProducts(x, w, kernel: row_products_double)
  }

  public static func rounded(_ values: [Double]) -> [Double] { values }
  public static func widened(_ values: [Double]) -> [Double] { values }
}
