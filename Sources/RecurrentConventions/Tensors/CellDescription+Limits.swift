extension CellDescription {
  /// The largest H and P: as much as the fixture format allows, so that no size of a tensor is beyond what an `Int`
  /// holds.
  static let largestSize = 1 << 24

  /// - Throws: for sizes that no cell has.
  func expectSizes() throws(ConventionError) {
    let sizes = [("inputSize", inputSize, Int.max), ("hiddenSize", hiddenSize, Self.largestSize)]
    let projection = projectionSize.map { [("projectionSize", $0, Self.largestSize)] } ?? []
    for (name, size, most) in sizes + projection where !(1...most ~= size) {
      throw ConventionError(
        tensor: name, expected: most == .max ? "at least 1" : "1 to \(most)", found: "\(size)")
    }
    if projectionSize != nil, kind != .lstm {
      throw ConventionError(
        tensor: "projectionSize", expected: "nothing for cell \"\(kind.rawValue)\"", found: "a projection")
    }
  }
}
