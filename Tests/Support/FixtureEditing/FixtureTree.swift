import HDF5

/// The contents of an HDF5 file as values, by full path: to be changed, and written as another file.
public struct FixtureTree: Sendable {
  /// The attributes of each group; the root is "/".
  public var groups: [String: [String: AttributeValue]] = [:]
  public var datasets: [String: DatasetValue] = [:]
  /// Soft links, by where they lead.
  public var softLinks: [String: String] = [:]
  /// External links, by the file that they lead to; there to the root.
  public var externalLinks: [String: String] = [:]
  /// What else is written, in this order, by its path.
  public var raw: [(path: String, content: RawContent)] = []

  public init(contentsOf path: String) throws {
    let file = try File(reading: path)
    try read(file.root)
    try file.close()
  }

  private mutating func read(_ group: Group) throws {
    var attributes: [String: AttributeValue] = [:]
    for name in try group.attributeNames() {
      attributes[name] = try group.attribute(name).map(AttributeValue.init)
    }
    groups[group.path] = attributes
    for name in try group.names() {
      switch try group.link(name) {
      case .group: try read(try group.group(name))
      case .dataset:
        let dataset = try group.dataset(name)
        datasets[dataset.path] = try DatasetValue(dataset)
      default: throw UnsupportedContent(path: group.path + "/" + name)
      }
    }
  }

  /// Writes everything to a new file.
  public func write(to path: String) throws {
    let file = try File(creating: path)
    // In this order every group is there before what lies in it.
    for (path, attributes) in groups.sorted(by: { $0.key < $1.key }) {
      let group = path == "/" ? file.root : try file.root.createGroup(path)
      for (name, value) in attributes.sorted(by: { $0.key < $1.key }) { try value.write(name, to: group) }
    }
    for (path, dataset) in datasets.sorted(by: { $0.key < $1.key }) { try dataset.write(path, to: file.root) }
    for (path, target) in softLinks { try file.root.createSoftLink(path, to: target) }
    for (path, target) in externalLinks {
      try file.root.createExternalLink(path, toFile: target, path: "/")
    }
    try file.close()
    if !raw.isEmpty { try RawContent.write(raw, to: path) }
  }

  /// Takes away what is at the path, with everything in it. Throws when there is nothing.
  public mutating func remove(_ path: String) throws {
    let (groupCount, datasetCount) = (groups.count, datasets.count)
    groups = groups.filter { !$0.key.isPath(inside: path) }
    datasets = datasets.filter { !$0.key.isPath(inside: path) }
    if (groups.count, datasets.count) == (groupCount, datasetCount) { throw NothingThere(path: path) }
  }

  /// Gives what is at the path, with everything in it, another one. Throws when there is nothing.
  public mutating func move(_ path: String, to other: String) throws {
    let old = self
    try remove(path)
    for (key, value) in old.groups where key.isPath(inside: path) {
      groups[other + key.dropFirst(path.count)] = value
    }
    for (key, value) in old.datasets where key.isPath(inside: path) {
      datasets[other + key.dropFirst(path.count)] = value
    }
  }

  /// Puts something else in the place of what is at the path. Throws when there is nothing.
  public mutating func replace(_ path: String, with content: RawContent) throws {
    try remove(path)
    raw.append((path, content))
  }

  /// Changes an attribute; nil takes it away. Throws when there is no such group, or nothing to take away.
  public mutating func setAttribute(_ name: String, of path: String, to value: AttributeValue?) throws {
    guard groups[path] != nil, value != nil || groups[path]?[name] != nil else {
      throw NothingThere(path: "\(path)@\(name)")
    }
    groups[path]?[name] = value
  }

  /// Changes a dataset. Throws when there is none.
  public mutating func change(_ path: String, _ change: (inout DatasetValue) throws -> Void) throws {
    guard var dataset = datasets[path] else { throw NothingThere(path: path) }
    try change(&dataset)
    datasets[path] = dataset
  }

  /// Changes one number of a dataset, by its index in row-major order.
  public mutating func change(_ path: String, at index: Int, _ number: (Double) -> Double) throws {
    try change(path) { $0.numbers[index] = number($0.numbers[index]) }
  }
}

/// A change was meant for something that is not in the file.
public struct NothingThere: Error {
  public let path: String
}

/// Something in a file that a tree has no value for.
public struct UnsupportedContent: Error {
  public let path: String
}

extension String {
  /// Whether this is the path, or one of something in it.
  fileprivate func isPath(inside path: String) -> Bool { self == path || hasPrefix(path + "/") }
}
