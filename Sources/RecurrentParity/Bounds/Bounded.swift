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

extension Bounded {
  func columns(_ range: Range<Int>) -> Bounded {
    guard range.count < columns else { return self }
    return Bounded(
      rows: rows, columns: range.count, midpoint: midpoint.columns(range, of: columns),
      radius: radius.columns(range, of: columns), scale: scale.columns(range, of: columns))
  }

  init(joining parts: [Bounded]) {
    if parts.count == 1 {
      self = parts[0]
    } else {
      let rows = parts.first?.rows ?? 0
      self.init(
        rows: rows, columns: parts.reduce(0) { $0 + $1.columns },
        midpoint: [Double](joining: parts.map(\.midpoint), rows: rows),
        radius: .each([Double](joining: parts.map(\.radii), rows: rows)),
        scale: .each([Double](joining: parts.map(\.scales), rows: rows)))
    }
  }
}
