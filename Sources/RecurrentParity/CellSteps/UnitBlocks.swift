/// The units of a step in blocks: few enough that what a step makes of them stays in cache from one operation to the
/// next.
struct UnitBlocks: Sequence {
  /// Elements of a block, about.
  private static let elements = 4096
  /// A multiple of this many units: whole panels of every kernel.
  private static let granule = 32

  /// The block of the fewest units that `unit` is in.
  static func narrowest(around unit: Int, of units: Int) -> Range<Int> {
    let start = unit / granule * granule
    return start..<Swift.min(start + granule, units)
  }

  /// A granule's multiple to begin with.
  let units: Range<Int>
  let rows: Int

  func makeIterator() -> some IteratorProtocol<Range<Int>> {
    let granule = Self.granule
    let width = Swift.max(granule, Self.elements / Swift.max(rows, 1) / granule * granule)
    let end = units.upperBound
    return stride(from: units.lowerBound, to: end, by: width).lazy.map { $0..<Swift.min($0 + width, end) }
      .makeIterator()
  }
}
