internal import CProductKernels
import RealModule

/// A floating-point type that a network can compute in: `Float` or `Double`.
///
/// Each type brings the kernel of its matrix product and its conversions, all on plain storage: a scalar knows
/// nothing of matrices or networks.
public protocol Scalar: Real, BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
  /// The elements of `x Wᵀ`: `x (rows, depth)` and `w (units, depth)`, row-major, give `(rows, units)`.
  ///
  /// - Precondition: x and w have as many values as that.
  static func rowProducts(_ x: [Self], _ w: [Self], rows: Int, units: Int, depth: Int) -> [Self]

  /// Adds the elements of `x Wᵀ` to `sum` `(rows, units)`, one term after the other, each product and each sum rounded.
  ///
  /// - Parameters:
  ///   - tiles: x in tiles of rows.
  ///   - panels: W in panels of units; see `CProductKernels`.
  ///   - rows: how many x has.
  ///   - units: how many rows W has.
  ///   - depth: how many terms each sum has.
  ///   - sum: what is added to.
  static func addSequentialProducts(
    _ tiles: [Self], _ panels: ArraySlice<Self>, rows: Int, units: Int, depth: Int, to sum: inout [Self])

  /// Each value rounded to nearest.
  static func rounded(_ values: [Double]) -> [Self]

  /// Each value, exactly.
  static func widened(_ values: [Self]) -> [Double]
}

extension Float: Scalar {
  public static func rowProducts(_ x: [Float], _ w: [Float], rows: Int, units: Int, depth: Int) -> [Float] {
    precondition(x.count == rows * depth && w.count == units * depth)
    return [Float](unsafeUninitializedCapacity: rows * units) { out, count in
      count = rows * units
      row_products_float(best_instruction_set(), x, w, rows, units, depth, out.baseAddress)
    }
  }

  public static func addSequentialProducts(
    _ tiles: [Float], _ panels: ArraySlice<Float>, rows: Int, units: Int, depth: Int, to sum: inout [Float]
  ) {
    panels.withUnsafeBufferPointer {
      sequential_products_float(best_instruction_set(), tiles, $0.baseAddress, rows, units, depth, &sum)
    }
  }

  public static func rounded(_ values: [Double]) -> [Float] { values.map { Float($0) } }
  public static func widened(_ values: [Float]) -> [Double] { values.map { Double($0) } }
}

extension Double: Scalar {
  public static func rowProducts(
    _ x: [Double], _ w: [Double], rows: Int, units: Int, depth: Int
  ) -> [Double] {
    precondition(x.count == rows * depth && w.count == units * depth)
    return [Double](unsafeUninitializedCapacity: rows * units) { out, count in
      count = rows * units
      row_products_double(best_instruction_set(), x, w, rows, units, depth, out.baseAddress)
    }
  }

  public static func addSequentialProducts(
    _ tiles: [Double], _ panels: ArraySlice<Double>, rows: Int, units: Int, depth: Int, to sum: inout [Double]
  ) {
    panels.withUnsafeBufferPointer {
      sequential_products_double(best_instruction_set(), tiles, $0.baseAddress, rows, units, depth, &sum)
    }
  }

  public static func rounded(_ values: [Double]) -> [Double] { values }
  public static func widened(_ values: [Double]) -> [Double] { values }
}
