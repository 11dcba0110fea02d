import HDF5
import RecurrentParity

/// An HDF5 file of weights, whose every access answers with a value or a `WeightFileError`.
struct WeightTree {
  let name: String
  let root: Group
  private let memoryLimit: Int
  private let fileSize: Int

  /// Deflate makes of a byte at most this many; no honest file holds more.
  private static let largestInflation = 1032
  /// Groups in groups: no layout comes near it.
  private static let mostDepth = 64

  /// - Parameter memoryLimit: in bytes, for the values of one array, widened.
  init(_ path: SystemPath, memoryLimit: Int) throws(WeightFileError) {
    name = path.description
    self.memoryLimit = memoryLimit
    do {
      let file = try File(reading: path)
      root = file.root
      fileSize = try file.byteCount()
    } catch { throw WeightFileError(error, file: path.description) }
  }

  // MARK: Groups and attributes

  func group(_ name: String, in group: Group) throws(WeightFileError) -> Group? {
    try wrapped { () throws(HDF5Error) in
      try group.link(name) == .group ? try group.group(name) : nil
    }
  }

  func names(in group: Group) throws(WeightFileError) -> [String] {
    try wrapped { () throws(HDF5Error) in try group.names() }
  }

  func has(attribute name: String, of object: some FileObject) throws(WeightFileError) -> Bool {
    try wrapped { () throws(HDF5Error) in try object.attribute(name) } != nil
  }

  /// Nil where there is no such attribute.
  func text(_ name: String, of object: some FileObject) throws(WeightFileError) -> String? {
    try wrapped { () throws(HDF5Error) in try object.attribute(name)?.string() }
  }

  /// A list of names: one attribute, or `name0`, `name1`, … where it was too long for one.
  func list(_ name: String, of object: some FileObject) throws(WeightFileError) -> [String]? {
    if let list = try part(name, of: object) { return list }
    var list: [String]?
    var index = 0
    while let part = try part("\(name)\(index)", of: object) {
      list = (list ?? []) + part
      index += 1
    }
    return list
  }

  private func part(_ name: String, of object: some FileObject) throws(WeightFileError) -> [String]? {
    try wrapped { () throws(HDF5Error) in
      guard let attribute = try object.attribute(name) else { return nil }
      // An empty list is written as one of numbers.
      return attribute.shape.contains(0) ? [] : try attribute.strings()
    }
  }

  // MARK: Arrays

  func tensor(_ path: String, in group: Group, named name: String) throws(WeightFileError) -> StoredTensor {
    let dataset = try wrapped { () throws(HDF5Error) in try group.dataset(path) }
    return tensor(dataset, named: name)
  }

  /// All arrays in a group and the groups in it, by their paths from here, in the order of their names.
  func tensors(in group: Group) throws(WeightFileError) -> [StoredTensor] {
    var found: [StoredTensor] = []
    var seen: Set<UInt64> = [group.address]
    try collect(group, prefix: "", &found, &seen, depth: 0)
    return found
  }

  private func collect(
    _ group: Group, prefix: String, _ found: inout [StoredTensor], _ seen: inout Set<UInt64>, depth: Int
  ) throws(WeightFileError) {
    guard depth < Self.mostDepth else {
      throw WeightFileError(
        file: name, path: group.path, expected: "groups at most \(Self.mostDepth) deep", found: "more")
    }
    for child in try names(in: group) {
      switch try wrapped({ () throws(HDF5Error) in try group.link(child) }) {
      case .dataset: found.append(try tensor(child, in: group, named: prefix + child))
      case .group:
        let inner = try wrapped { () throws(HDF5Error) in try group.group(child) }
        // One that leads back to where it is from.
        guard seen.insert(inner.address).inserted else { continue }
        try collect(inner, prefix: prefix + child + "/", &found, &seen, depth: depth + 1)
      default: continue
      }
    }
  }

  private func tensor(_ dataset: Dataset, named name: String) -> StoredTensor {
    let (tree, format) = (self, FloatFormat(stored: dataset.elementType))
    return StoredTensor(
      name: name, path: dataset.path, shape: dataset.shape, elementType: dataset.elementType.description,
      format: format
    ) { () throws(WeightFileError) in try tree.values(of: dataset, format) }
  }

  private func values(of dataset: Dataset, _ format: FloatFormat?) throws(WeightFileError) -> [Double] {
    try Library.shared.session { () throws(WeightFileError) in
      func error(_ expected: String, _ found: String) -> WeightFileError {
        WeightFileError(file: name, path: dataset.path, expected: expected, found: found)
      }
      guard let format else {
        throw error("float16, float32 or float64", dataset.elementType.description)
      }
      for shape in [dataset.shape, dataset.chunkShape ?? []] {
        let bytes = elementCount(of: [8] + shape)
        guard let bytes, bytes <= memoryLimit, bytes / 8 / Self.largestInflation <= fileSize else {
          throw error(
            "at most \(memoryLimit) bytes of values, as a file of its size can hold", "shape \(shape)")
        }
      }
      guard dataset.storedBytes > 0 || dataset.shape.contains(0) else {
        throw error("values", "none that were ever written")
      }
      return try wrapped { () throws(HDF5Error) in
        format == .float64 ? try dataset.read(as: Double.self) : try dataset.readWidened()
      }
    }
  }

  // MARK: Errors

  func error(_ path: String, expected: String, found: String) -> WeightFileError {
    WeightFileError(file: name, path: path, expected: expected, found: found)
  }

  func wrapped<Value>(_ access: () throws(HDF5Error) -> Value) throws(WeightFileError) -> Value {
    defer { WorkContext.current.counter?.advance() }
    do { return try access() } catch { throw WeightFileError(error, file: name) }
  }
}

extension WeightFileError {
  init(_ error: HDF5Error, file: String) {
    let parts = error.reason.wholeMatch(of: #/expected (.+), found (.+)/#)
    self.init(
      file: file, path: error.path, expected: parts.map { String($0.1) } ?? "to \(error.operation)",
      found: parts.map { String($0.2) } ?? error.reason)
  }
}

extension FloatFormat {
  /// The format of stored elements that are read; nil of any others.
  fileprivate init?(stored type: ElementType) {
    switch type {
    case .float(bits: 16, _): self = .float16
    case .float(bits: 32, _): self = .float32
    case .float(bits: 64, _): self = .float64
    default: return nil
    }
  }
}
