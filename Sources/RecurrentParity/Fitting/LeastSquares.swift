import Recurrent

/// Levenberg–Marquardt: the parameters that bring residuals nearest to zero.
enum LeastSquares {
  private static let iterations = 30
  /// What converges halves its residuals at least every so many iterations.
  private static let patience = 3
  /// Relative, to find the derivatives.
  private static let difference = 0x1p-20

  /// - Parameters:
  ///   - start: where to begin.
  ///   - tolerance: of every residual.
  ///   - residuals: of parameters; at least as many.
  /// - Returns: nil where they do not come so near to zero.
  static func solved(
    from start: [Double], within tolerance: Double, _ residuals: ([Double]) -> [Double]
  ) -> [Double]? {
    var parameters = start
    var current = residuals(parameters)
    var damping = 0x1p-10
    var (best, waited) = (Double.infinity, 0)
    for _ in 0..<iterations {
      guard let next = step(from: parameters, current, &damping, residuals) else { break }
      let isDone = zip(next.parameters, parameters).allSatisfy {
        ($0 - $1).magnitude <= 0x1p-40 * max(1, $1.magnitude)
      }
      (parameters, current) = next
      if isDone { break }
      let size = sum(current, current)
      if size < best / 2 { (best, waited) = (size, 0) } else { waited += 1 }
      if waited == patience { break }
    }
    return current.allSatisfy { $0.magnitude < tolerance } ? parameters : nil
  }

  /// A step that lowers the sum of the squares; nil where none does.
  private static func step(
    from parameters: [Double], _ current: [Double], _ damping: inout Double,
    _ residuals: ([Double]) -> [Double]
  ) -> (parameters: [Double], residuals: [Double])? {
    let columns = parameters.indices.map { k -> [Double] in
      var moved = parameters
      moved[k] += difference * max(1, parameters[k].magnitude)
      return zip(residuals(moved), current).map { ($0 - $1) / (moved[k] - parameters[k]) }
    }
    let normal = columns.map { a in columns.map { sum(a, $0) } }
    let right = columns.map { -sum($0, current) }
    while damping < 0x1p20 {
      var matrix = Matrix(rows: columns.count, columns: columns.count, elements: normal.flatMap { $0 })
      for k in columns.indices { matrix[k, k] *= 1 + damping }
      guard let step = LinearSystem(matrix)?.solved(for: right) else { return nil }
      let next = zip(parameters, step).map { $0 + $1 }
      let found = residuals(next)
      if sum(found, found) <= sum(current, current) {
        damping /= 64
        return (next, found)
      }
      damping *= 16
    }
    return nil
  }

  private static func sum(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
}
