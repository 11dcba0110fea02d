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
