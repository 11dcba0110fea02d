import RealModule

/// A floating-point type that a network can compute in: `Float` or `Double`.
///
/// Generic code reaches its inner loop through `product`, which each type implements by calling the same
/// loop; that pins the specialisation to this module, so a client compiled without cross-module
/// optimisation runs at the same speed.
public protocol Scalar: Real, BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
  /// Writes `out[r, j] = Σ_k x[r, k] · w[j, k]` for row-major `x (rows, depth)`, `w (columns, depth)` and
  /// `out (rows, columns)`.
  static func product(
    _ x: UnsafeBufferPointer<Self>, _ w: UnsafeBufferPointer<Self>,
    into out: UnsafeMutableBufferPointer<Self>,
    rows: Int, columns: Int, depth: Int)
}

extension Float: Scalar {
  public static func product(
    _ x: UnsafeBufferPointer<Float>, _ w: UnsafeBufferPointer<Float>,
    into out: UnsafeMutableBufferPointer<Float>, rows: Int, columns: Int, depth: Int
  ) {
    rowProducts(x, w, into: out, rows: rows, columns: columns, depth: depth)
  }
}

extension Double: Scalar {
  public static func product(
    _ x: UnsafeBufferPointer<Double>, _ w: UnsafeBufferPointer<Double>,
    into out: UnsafeMutableBufferPointer<Double>, rows: Int, columns: Int, depth: Int
  ) {
    rowProducts(x, w, into: out, rows: rows, columns: columns, depth: depth)
  }
}

/// Inner products of every row of `x` with every row of `w`, eight lanes of partial sums at a time.
private func rowProducts<S: Scalar>(
  _ x: UnsafeBufferPointer<S>, _ w: UnsafeBufferPointer<S>, into out: UnsafeMutableBufferPointer<S>,
  rows: Int, columns: Int, depth: Int
) {
  precondition(x.count == rows * depth && w.count == columns * depth && out.count == rows * columns)
  guard depth > 0, let xStart = x.baseAddress, let wStart = w.baseAddress else {
    out.update(repeating: 0)
    return
  }
  let lanes = 8
  let whole = depth - depth % lanes
  for row in 0..<rows {
    let a = xStart + row * depth
    for column in 0..<columns {
      let b = wStart + column * depth
      var partial = SIMD8<S>()
      var k = 0
      while k < whole {
        let u = UnsafeRawPointer(a + k).loadUnaligned(as: SIMD8<S>.self)
        let v = UnsafeRawPointer(b + k).loadUnaligned(as: SIMD8<S>.self)
        partial += u * v
        k += lanes
      }
      let pairs = partial.lowHalf + partial.highHalf
      var sum = (pairs[0] + pairs[2]) + (pairs[1] + pairs[3])
      while k < depth {
        sum += a[k] * b[k]
        k += 1
      }
      out[row * columns + column] = sum
    }
  }
}
