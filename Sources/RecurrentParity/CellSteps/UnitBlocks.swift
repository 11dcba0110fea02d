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
