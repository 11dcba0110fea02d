/// A block of rows made ready to be multiplied with weights.
struct ProductOperand: Sendable {
  /// As the run multiplied it.
  let value: Bounded
  /// `Σ(|v| + 1)` of each row: how often η may be lost.
  let underflows: [Double]
  /// The midpoints and their magnitudes; nil where sums of magnitudes have to be in Float64.
  let tiles: (RowTiles<Double>, RowTiles<Float>)?

  init(_ value: Bounded, mayNarrow: Bool) {
    self.value = value
    underflows = (0..<value.rows).map { row in
      value.midpoint[row * value.columns..<(row + 1) * value.columns].sumOfMagnitudes + Double(value.columns)
    }
    tiles =
      mayNarrow && PackedWeights.areWorthNarrowing(depth: value.columns)
      ? RowTiles.withMagnitudes(value.midpoint, rows: value.rows) : nil
  }
}

extension Collection<Double> where Index == Int {
  /// `Σ|v|`, in eight partial sums.
  var sumOfMagnitudes: Double {
    var partial = SIMD8<Double>()
    var index = startIndex
    while index + 8 <= endIndex {
      for lane in 0..<8 { partial[lane] += self[index + lane].magnitude }
      index += 8
    }
    return self[index...].reduce(partial.sum()) { $0 + $1.magnitude }
  }

  var largestMagnitude: Double {
    var partial = SIMD8<Double>()
    var index = startIndex
    while index + 8 <= endIndex {
      for lane in 0..<8 { partial[lane] = Swift.max(partial[lane], self[index + lane].magnitude) }
      index += 8
    }
    return self[index...].reduce(partial.max()) { Swift.max($0, $1.magnitude) }
  }
}
