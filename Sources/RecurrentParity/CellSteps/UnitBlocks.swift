import Recurrent

/// The units of a step in blocks: few enough that what a step makes of them stays in cache from one operation to the
/// next.
struct UnitBlocks: Sequence {
  /// Elements of a block, about.
  private static let elements = 4096
  /// A multiple of this many units: whole panels of every kernel.
  private static let granule = 32

  let units: Int
  let rows: Int

  func makeIterator() -> some IteratorProtocol<Range<Int>> {
    let granule = Self.granule
    let width = Swift.max(granule, Self.elements / Swift.max(rows, 1) / granule * granule)
    return stride(from: 0, to: units, by: width).lazy.map { $0..<Swift.min($0 + width, units) }.makeIterator()
  }
}

extension RangeReplaceableCollection where Index == Int {
  /// Some columns of a row-major block that is `width` wide.
  func columns(_ range: Range<Int>, of width: Int) -> Self {
    guard range.count < width else { return self }
    var result = Self()
    let rows = count / Swift.max(width, 1)
    result.reserveCapacity(rows * range.count)
    for row in 0..<rows {
      result.append(contentsOf: self[row * width + range.lowerBound..<row * width + range.upperBound])
    }
    return result
  }

  /// Row-major blocks of the same rows side by side.
  init(joining parts: [Self], rows: Int) {
    self.init()
    reserveCapacity(parts.reduce(0) { $0 + $1.count })
    for row in 0..<rows {
      for part in parts {
        let width = part.count / rows
        append(contentsOf: part[row * width..<(row + 1) * width])
      }
    }
  }
}
