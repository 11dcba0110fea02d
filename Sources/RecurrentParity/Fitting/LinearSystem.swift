import Recurrent

/// `A x = b` for a square A `(N, N)`, factored once: Gaussian elimination with partial pivoting.
struct LinearSystem {
  private let size: Int
  private var factors: [Double]
  private var order: [Int]

  /// Beyond this its N³ steps are more than a diagnosis is worth.
  private static let largest = 256

  /// Nil where A is not square, too large, or singular to working precision.
  init?(_ matrix: Matrix<Double>) {
    guard matrix.rows == matrix.columns, matrix.rows <= Self.largest else { return nil }
    size = matrix.rows
    factors = matrix.elements
    order = Array(0..<size)
    let smallest = 0x1p-40 * (factors.map(\.magnitude).max() ?? 0)
    for k in 0..<size {
      let pivot = (k..<size).max { factors[$0 * size + k].magnitude < factors[$1 * size + k].magnitude } ?? k
      guard factors[pivot * size + k].magnitude > smallest else { return nil }
      if pivot != k {
        for column in 0..<size { factors.swapAt(k * size + column, pivot * size + column) }
        order.swapAt(k, pivot)
      }
      for row in k + 1..<size {
        let factor = factors[row * size + k] / factors[k * size + k]
        factors[row * size + k] = factor
        for column in k + 1..<size { factors[row * size + column] -= factor * factors[k * size + column] }
      }
    }
  }

  /// Nil where the right side is not finite.
  func solved(for right: [Double]) -> [Double]? {
    guard right.allSatisfy(\.isFinite) else { return nil }
    var x = order.map { right[$0] }
    for row in 0..<size {
      for column in 0..<row { x[row] -= factors[row * size + column] * x[column] }
    }
    for row in (0..<size).reversed() {
      for column in row + 1..<size { x[row] -= factors[row * size + column] * x[column] }
      x[row] /= factors[row * size + row]
    }
    return x
  }
}
