import HDF5

/// A fixture written anew, with some of it changed. Paths are full HDF5 paths: "/references/keras/layers/0".
struct FixtureCopy {
  /// What is left out: groups and datasets with all that is in them, and attributes as "path@name".
  var omitted: Set<String> = []
  /// Strings in the place of attributes, or in addition to them: "path@name".
  var strings: [String: String] = [:]
  /// Integers likewise.
  var integers: [String: Int] = [:]
  /// What becomes of the values of a dataset.
  var edits: [String: @Sendable (inout [Float]) -> Void] = [:]
  /// Datasets in addition to those that are there.
  var additions: [String: (values: [Float], shape: [Int])] = [:]

  /// Changes one value of a dataset, by its index in row-major order.
  mutating func change(_ path: String, at index: Int, _ change: @escaping @Sendable (Float) -> Float) {
    edits[path] = { $0[index] = change($0[index]) }
  }

  /// Writes the copy of a file.
  func write(_ source: String, to target: String) throws {
    let (source, target) = (try File(reading: source), try File(creating: target))
    try copy(source.root, to: target.root)
    for (path, addition) in additions { try target.root.write(path, addition.values, shape: addition.shape) }
    try target.flush()
  }

  private func copy(_ source: Group, to target: Group) throws {
    try copyAttributes(of: source, to: target)
    for name in try source.names() {
      let path = source.path == "/" ? "/" + name : "\(source.path)/\(name)"
      if omitted.contains(path) { continue }
      if try source.link(name) == .group {
        try copy(source.group(name), to: target.createGroup(name))
      } else {
        try copy(source.dataset(name), named: name, to: target)
      }
    }
  }

  private func copy(_ dataset: Dataset, named name: String, to target: Group) throws {
    if case .integer = dataset.elementType {
      try target.write(name, dataset.read(as: Int64.self), shape: dataset.shape)
      return
    }
    var values = try dataset.read(as: Float.self)
    edits[dataset.path]?(&values)
    try target.write(name, values, shape: dataset.shape)
  }

  private func copyAttributes(of source: Group, to target: Group) throws {
    let prefix = source.path + "@"
    for name in try source.attributeNames() where !omitted.contains(prefix + name) {
      guard let attribute = try source.attribute(name) else { continue }
      switch attribute.elementType {
      case .string: try target.setAttribute(name, attribute.string())
      case .boolean: try target.setAttribute(name, attribute.bool())
      case .integer: try target.setAttribute(name, attribute.int())
      default: try target.setAttribute(name, attribute.double())
      }
    }
    for (path, value) in strings where path.hasPrefix(prefix) {
      try target.setAttribute(String(path.dropFirst(prefix.count)), value)
    }
    for (path, value) in integers where path.hasPrefix(prefix) {
      try target.setAttribute(String(path.dropFirst(prefix.count)), value)
    }
  }
}
