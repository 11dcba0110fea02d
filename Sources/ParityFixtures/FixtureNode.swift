import HDF5
import RecurrentParity

/// A group of a fixture, whose every access answers with a value of the asked kind or a `FixtureError`.
struct FixtureNode {
  let group: Group
  let session: ReadingSession

  var path: String { group.path }
  var file: String { session.file }

  // MARK: Links

  func names() throws(FixtureError) -> [String] { try wrapped { () throws(HDF5Error) in try group.names() } }

  func has(_ name: String) throws(FixtureError) -> Bool {
    try wrapped { () throws(HDF5Error) in try group.contains(name) }
  }

  func isGroup(_ name: String) throws(FixtureError) -> Bool {
    try wrapped { () throws(HDF5Error) in try group.link(name) } == .group
  }

  func child(_ name: String) throws(FixtureError) -> FixtureNode {
    FixtureNode(
      group: try wrapped { () throws(HDF5Error) in try group.group(name) }, session: session)
  }

  func optionalChild(_ name: String) throws(FixtureError) -> FixtureNode? {
    try has(name) ? try child(name) : nil
  }

  /// Takes down what this group holds beside the names that are read here.
  func expectOnly(attributes: [String] = [], objects: [String]) throws(FixtureError) {
    let found = try wrapped { () throws(HDF5Error) in try group.attributeNames() }
    let missing = attributes.filter { !found.contains($0) }
    for name in found where !attributes.contains(name) {
      session.ignore(name, .attribute, in: path, missing: missing)
    }
    let links = try names()
    let missingLinks = objects.filter { !links.contains($0) }
    for name in links where !objects.contains(name) {
      session.ignore(name, .object, in: path, missing: missingLinks)
    }
  }

  // MARK: Attributes

  func hasAttribute(_ name: String) throws(FixtureError) -> Bool {
    try wrapped { () throws(HDF5Error) in try group.attribute(name) } != nil
  }

  func optionalStrings(_ name: String) throws(FixtureError) -> [String]? {
    try wrapped { () throws(HDF5Error) in try group.attribute(name)?.strings() }
  }

  /// A finite number.
  func optionalDouble(_ name: String) throws(FixtureError) -> Double? {
    guard let value = try wrapped({ () throws(HDF5Error) in try group.attribute(name)?.double() }) else {
      return nil
    }
    guard value.isFinite else {
      throw error(attribute: name, expected: "a finite number", found: "\(value)")
    }
    return value
  }

  func string(_ name: String) throws(FixtureError) -> String {
    guard let value = try optionalString(name) else { throw missing(name, "a string") }
    return value
  }

  func optionalString(_ name: String) throws(FixtureError) -> String? {
    try wrapped { () throws(HDF5Error) in try group.attribute(name)?.string() }
  }

  func int(_ name: String) throws(FixtureError) -> Int {
    guard let value = try optionalInt(name) else { throw missing(name, "an integer") }
    return value
  }

  func optionalInt(_ name: String) throws(FixtureError) -> Int? {
    try wrapped { () throws(HDF5Error) in try group.attribute(name)?.int() }
  }

  func optionalBool(_ name: String) throws(FixtureError) -> Bool? {
    try wrapped { () throws(HDF5Error) in try group.attribute(name)?.bool() }
  }

  /// The value whose raw text the attribute holds.
  func choice<Value: RawRepresentable<String>>(
    _ name: String, of supported: [Value], default fallback: Value? = nil
  ) throws(FixtureError) -> Value {
    let options = supported.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
    guard let text = try optionalString(name) else {
      if let fallback { return fallback }
      throw missing(name, options)
    }
    guard let value = supported.first(where: { $0.rawValue == text }) else {
      throw error(attribute: name, expected: options, found: "\"\(text)\"")
    }
    return value
  }

  // MARK: Datasets

  /// The floating-point dataset of that name, whose shape must be as given; nil stands for any size.
  func tensor(_ name: String, shape expected: [Int?]) throws(FixtureError) -> FixtureTensor {
    let dataset = try wrapped { () throws(HDF5Error) in try group.dataset(name) }
    return try tensor(dataset, shape: expected)
  }

  func optionalTensor(_ name: String, shape expected: [Int?]) throws(FixtureError) -> FixtureTensor? {
    try has(name) ? try tensor(name, shape: expected) : nil
  }

  /// The floating-point dataset of that name, of any shape.
  func tensorOfAnyShape(_ name: String) throws(FixtureError) -> FixtureTensor {
    try tensor(try wrapped { () throws(HDF5Error) in try group.dataset(name) }, shape: nil)
  }

  func optionalIntegers(_ name: String, count: Int) throws(FixtureError) -> [Int]? {
    guard try has(name) else { return nil }
    let dataset = try wrapped { () throws(HDF5Error) in try group.dataset(name) }
    guard case .integer = dataset.elementType else {
      throw error(dataset.path, expected: "integers", found: dataset.elementType.description)
    }
    guard dataset.shape == [count] else {
      throw error(dataset.path, expected: "shape (\(count))", found: "shape \(text(dataset.shape))")
    }
    if case .integer(64, signed: false, _) = dataset.elementType {
      let values = try wrapped { () throws(HDF5Error) in try dataset.read(as: UInt64.self) }
      return values.map { Int(clamping: $0) }
    }
    return try wrapped { () throws(HDF5Error) in try dataset.read(as: Int64.self) }.map(Int.init)
  }

  /// The bools of that name, whose shape must be as given.
  func optionalMask(_ name: String, shape: [Int]) throws(FixtureError) -> [Bool]? {
    guard try has(name) else { return nil }
    let dataset = try wrapped { () throws(HDF5Error) in try group.dataset(name) }
    guard dataset.shape == shape else {
      throw error(dataset.path, expected: "shape \(text(shape))", found: "shape \(text(dataset.shape))")
    }
    try session.spend(on: dataset)
    return try wrapped { () throws(HDF5Error) in try dataset.readBooleans() }
  }

  private func tensor(_ dataset: Dataset, shape expected: [Int?]?) throws(FixtureError) -> FixtureTensor {
    let format = try format(of: dataset, shape: expected)
    try session.spend(on: dataset)
    let values = try wrapped { () throws(HDF5Error) in try dataset.doubles(format) }
    return FixtureTensor(
      path: dataset.path, shape: dataset.shape, values: values, format: format,
      isWritten: dataset.storedBytes > 0)
  }

  /// The floating-point dataset of that name with the format of its values.
  func floats(
    _ name: String, shape expected: [Int?]
  ) throws(FixtureError) -> (dataset: Dataset, format: FloatFormat) {
    let dataset = try wrapped { () throws(HDF5Error) in try group.dataset(name) }
    return (dataset, try format(of: dataset, shape: expected))
  }

  private func format(of dataset: Dataset, shape expected: [Int?]?) throws(FixtureError) -> FloatFormat {
    guard let format = FloatFormat(dataset.elementType) else {
      throw error(
        dataset.path, expected: "float32 or float64", found: dataset.elementType.description)
    }
    if let expected {
      guard dataset.shape.count == expected.count else {
        throw error(
          dataset.path, expected: "rank \(expected.count), shape \(text(expected))",
          found: "rank \(dataset.shape.count), shape \(text(dataset.shape))")
      }
      guard zip(dataset.shape, expected).allSatisfy({ $0 == $1 ?? $0 }) else {
        throw error(
          dataset.path, expected: "shape \(text(expected))", found: "shape \(text(dataset.shape))")
      }
    }
    guard dataset.shape.allSatisfy({ $0 > 0 }) else {
      throw error(dataset.path, expected: "at least one value", found: "shape \(text(dataset.shape))")
    }
    return format
  }

  // MARK: Errors

  func error(_ path: String? = nil, expected: String, found: String) -> FixtureError {
    FixtureError(file: file, path: path ?? self.path, expected: expected, found: found)
  }

  func error(attribute name: String, expected: String, found: String) -> FixtureError {
    FixtureError(
      file: file, path: path, problem: "attribute \(name): expected \(expected), found \(found)")
  }

  private func missing(_ name: String, _ expected: String) -> FixtureError {
    error(attribute: name, expected: expected, found: "nothing")
  }

  func wrapped<Value>(_ access: () throws(HDF5Error) -> Value) throws(FixtureError) -> Value {
    defer { WorkContext.current.counter?.advance() }
    do { return try access() } catch { throw FixtureError(error, file: file) }
  }

  func text(_ shape: [Int?]) -> String {
    "(" + shape.map { $0.map(String.init) ?? "any" }.joined(separator: ", ") + ")"
  }
}
