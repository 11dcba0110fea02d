import CHDF5

/// A named value that belongs to a group or a dataset.
public struct Attribute: Sendable {
  /// The attribute's name on its owner.
  public let name: String
  /// The path of the object that it belongs to.
  public let path: String
  private let handle: Handle
  private let content: Content

  init(_ name: String, of owner: ObjectReference) throws(HDF5Error) {
    let site = owner.site.at("\(owner.site.path)@\(name)")
    let handle = try site.handle("open attribute", closer: H5Aclose) {
      H5Aopen(owner.handle.id, name, chdf5_default_list())
    }
    let type = try site.handle("read type", closer: H5Tclose) { H5Aget_type(handle.id) }
    let space = try site.handle("read shape", closer: H5Sclose) { H5Aget_space(handle.id) }
    content = try Content(site, noun: "attribute", type: type, space: space)
    self.name = name
    self.handle = handle
    path = owner.site.path
  }

  /// What is stored.
  public var elementType: ElementType { content.elementType }

  /// The lengths of the axes: [] for a single value, [0] for an empty (null) attribute.
  public var shape: [Int] { content.shape }

  // MARK: Single values, also from an array of one

  /// The string. Throws when this isn't one string of valid UTF-8.
  public func string() throws(HDF5Error) -> String { try single(strings()) }

  /// The bool, from one of h5py or from the integers 0 and 1. Throws when this is anything else.
  public func bool() throws(HDF5Error) -> Bool {
    // Of integers any width is read, signed or not.
    guard elementType != .boolean, case .integer = elementType else {
      return try single(content.booleans(count: content.count(shape), read))
    }
    let value = try int()
    guard (0...1).contains(value) else { throw content.error("expected 0 or 1, found \(value)") }
    return value == 1
  }

  /// The integer, of any stored width. Throws when this isn't one integer that `Int` holds.
  public func int() throws(HDF5Error) -> Int { try single(ints()) }

  /// The number. Throws when this isn't one float, or one integer that `Double` holds exactly.
  public func double() throws(HDF5Error) -> Double { try single(doubles()) }

  // MARK: Arrays, in row-major order

  /// All strings. Throws when these aren't strings of valid UTF-8.
  public func strings() throws(HDF5Error) -> [String] {
    try content.strings(count: content.count(shape), read)
  }

  /// All integers. Throws when these aren't integers that `Int` holds.
  public func ints() throws(HDF5Error) -> [Int] {
    guard case .integer(64, signed: false, _) = elementType else {
      return try numbers(as: Int64.self).map(Int.init)
    }
    return try numbers(as: UInt64.self).converted { (value) throws(HDF5Error) in
      guard let value = Int(exactly: value) else { throw content.error("\(value) is too large") }
      return value
    }
  }

  /// All numbers. Throws when these aren't floats, or integers that `Double` holds exactly.
  public func doubles() throws(HDF5Error) -> [Double] {
    guard case .integer = elementType else { return try numbers(as: Double.self) }
    return try ints().converted { (value) throws(HDF5Error) in
      guard let value = Double(exactly: value) else {
        throw content.error("\(value) is not exact as float64")
      }
      return value
    }
  }

  // MARK: Private

  private func single<T>(_ values: [T]) throws(HDF5Error) -> T {
    guard values.count == 1 else {
      throw content.error("expected a single value, found \(values.count) in shape \(shape)")
    }
    return values[0]
  }

  private func numbers<T: Element>(as: T.Type) throws(HDF5Error) -> [T] {
    try content.numbers(as: T.self, count: content.count(shape), read)
  }

  private func read(_ memoryType: hid_t, _ memory: UnsafeMutableRawPointer) -> herr_t {
    H5Aread(handle.id, memoryType, memory)
  }
}

extension Array {
  /// `map`, which in the standard library forgets the type of what it throws.
  fileprivate func converted<T>(
    _ convert: (Element) throws(HDF5Error) -> T
  ) throws(HDF5Error) -> [T] {
    var results: [T] = []
    results.reserveCapacity(count)
    for element in self { results.append(try convert(element)) }
    return results
  }
}
