import Recurrent

/// Gauss–Newton: the parameters that bring residuals nearest to zero.
enum LeastSquares {
  private static let iterations = 30
  /// Relative, to find the derivatives.
  private static let difference = 0x1p-20

  /// - Parameters:
  ///   - start: where to begin.
  ///   - residuals: of parameters; at least as many.
  /// - Returns: nil where it does not converge.
  static func solved(from start: [Double], _ residuals: ([Double]) -> [Double]) -> [Double]? {
    var parameters = start
    var current = residuals(parameters)
    for _ in 0..<iterations {
      let columns = parameters.indices.map { k -> [Double] in
        var moved = parameters
        moved[k] += difference * max(1, parameters[k].magnitude)
        return zip(residuals(moved), current).map { ($0 - $1) / (moved[k] - parameters[k]) }
      }
      let normal = Matrix(
        rows: columns.count, columns: columns.count,
        elements: columns.flatMap { a in columns.map { sum(a, $0) } })
      guard let step = LinearSystem(normal)?.solved(for: columns.map { -sum($0, current) }) else { return nil }
      // Where it would get worse, it goes less far.
      var share = 1.0
      var next = parameters
      repeat {
        next = zip(parameters, step).map { $0 + share * $1 }
        share /= 4
      } while share > 0x1p-10 && !(sum(residuals(next)) <= sum(current))
      let isDone = zip(next, parameters).allSatisfy { ($0 - $1).magnitude <= 0x1p-40 * max(1, $1.magnitude) }
      (parameters, current) = (next, residuals(next))
      guard current.allSatisfy(\.isFinite) else { return nil }
      if isDone { return parameters }
    }
    return parameters
  }

  private static func sum(_ a: [Double]) -> Double { sum(a, a) }
  private static func sum(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
}
