import HDF5

/// The values of a dataset and how they are stored.
public struct DatasetValue: Equatable, Sendable {
  public var values: Values
  public var shape: [Int]
  public var storage: Storage = .contiguous

  public enum Values: Equatable, Sendable {
    case floats([Double], ElementType)
    case integers([Int64])
    /// Integers that are not negative, in the widest type that has no sign.
    case unsigned([UInt64])
    case strings([String])
    case bools([Bool])
  }

  public init(_ values: Values, shape: [Int], storage: Storage = .contiguous) {
    self.values = values
    self.shape = shape
    self.storage = storage
  }

  /// Numbers as float32.
  public init(_ values: [Double], shape: [Int]) {
    self.init(.floats(values, .float(bits: 32, bigEndian: false)), shape: shape)
  }

  init(_ dataset: Dataset) throws {
    shape = dataset.shape
    switch dataset.elementType {
    case .float: values = .floats(try dataset.read(as: Double.self), dataset.elementType)
    case .integer: values = .integers(try dataset.read(as: Int64.self))
    case .string: values = .strings(try dataset.readStrings())
    case .boolean: values = .bools(try dataset.readBooleans())
    case .other: throw UnsupportedContent(path: dataset.path)
    }
  }

  func write(_ path: String, to root: Group) throws {
    switch values {
    case .floats(let values, let type):
      try root.write(path, values, shape: shape, storage: storage, storedAs: type)
    case .integers(let values): try root.write(path, values, shape: shape, storage: storage)
    case .unsigned(let values): try root.write(path, values, shape: shape, storage: storage)
    case .strings(let values): try root.write(path, values, shape: shape, storage: storage)
    case .bools(let values): try root.write(path, values, shape: shape, storage: storage)
    }
  }

  /// The numbers; setting them keeps the stored type.
  public var numbers: [Double] {
    get {
      switch values {
      case .floats(let values, _): values
      case .integers(let values): values.map(Double.init)
      case .unsigned(let values): values.map(Double.init)
      case .bools(let values): values.map { $0 ? 1 : 0 }
      case .strings: []
      }
    }
    set {
      switch values {
      case .floats(_, let type): values = .floats(newValue, type)
      case .bools: values = .bools(newValue.map { $0 != 0 })
      case .integers, .unsigned, .strings: values = .integers(newValue.map { Int64($0) })
      }
    }
  }

  /// The same numbers stored as another float type.
  public mutating func store(as type: ElementType) { values = .floats(numbers, type) }

  /// The same numbers as whole ones, rounded.
  public mutating func storeAsIntegers() { values = .integers(numbers.map { Int64($0.rounded()) }) }

  /// As many of the numbers as fill another shape, repeated from the beginning where there are too few.
  public mutating func reshape(_ other: [Int]) {
    let old = numbers
    numbers = (0..<other.reduce(1, *)).map { old[$0 % old.count] }
    shape = other
  }
}
