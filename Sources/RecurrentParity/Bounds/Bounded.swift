/// A block of rows of one quantity: what it is, how far off it can be, and how far off it is expected to be.
struct Bounded: Sendable {
  let rows: Int
  let columns: Int
  /// Row-major.
  var midpoint: [Double]
  /// No honest evaluation lies further from the midpoint.
  var radius: Spread
  /// The expected distance of an honest evaluation.
  var scale: Spread

  /// The radius of every element.
  var radii: [Double] { radius.values(about: midpoint) }
  /// The scale of every element.
  var scales: [Double] { scale.values(about: midpoint) }
}

extension Bounded: BlockValue {
  mutating func replaceRows(where mask: [Bool], with other: Bounded) {
    func replaced(_ values: [Double], _ others: [Double]) -> [Double] {
      var values = values
      for row in 0..<rows where mask[row] {
        let range = row * columns..<(row + 1) * columns
        values.replaceSubrange(range, with: others[range])
      }
      return values
    }
    (radius, scale, midpoint) = (
      .each(replaced(radii, other.radii)), .each(replaced(scales, other.scales)),
      replaced(midpoint, other.midpoint)
    )
  }
}
