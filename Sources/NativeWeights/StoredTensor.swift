import RecurrentConventions
import RecurrentParity

/// An array in a weight file. Its values are read when they are asked for.
public struct StoredTensor: Sendable {
  /// By which it is asked for: as the framework has it, "head.weight", "dense/kernel".
  public let name: String
  /// Where it lies: its HDF5 path, or its name in the header.
  public let path: String
  public let shape: [Int]
  /// "float32", "bfloat16", "int64"
  public let elementType: String
  /// Nil where the elements are no floating-point numbers that are read.
  public let format: FloatFormat?
  private let read: @Sendable () throws(WeightFileError) -> [Double]

  init(
    name: String, path: String, shape: [Int], elementType: String, format: FloatFormat?,
    read: @escaping @Sendable () throws(WeightFileError) -> [Double]
  ) {
    self.name = name
    self.path = path
    self.shape = shape
    self.elementType = elementType
    self.format = format
    self.read = read
  }

  /// How many elements it has.
  public var count: Int {
    shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).overflow ? .max : $0 * $1 }
  }

  /// All values, row-major, widened to Float64.
  ///
  /// - Throws: for elements that are no floating-point numbers, and for what cannot be read.
  public func values() throws(WeightFileError) -> [Double] { try read() }

  /// The array as a convention's tensor, in the shape that it is stored in.
  public func native() throws(WeightFileError) -> NativeTensor {
    NativeTensor(shape: shape, values: try values())
  }

  /// The same array under another name.
  func named(_ name: String) -> StoredTensor {
    StoredTensor(
      name: name, path: path, shape: shape, elementType: elementType, format: format, read: read)
  }

  /// "[3, 0]" of an element's number.
  func place(of index: Int) -> String {
    var rest = index
    let position = shape.reversed().map { size in
      defer { rest /= max(size, 1) }
      return String(rest % max(size, 1))
    }
    return "[" + position.reversed().joined(separator: ", ") + "]"
  }

  /// "(64, 128)"
  public var shapeText: String { "(" + shape.map(String.init).joined(separator: ", ") + ")" }
}

extension StoredTensor {
  /// Some of the columns: of a vector, some of its elements.
  func columns(_ range: Range<Int>, named name: String) -> StoredTensor {
    let width = shape.last ?? 0
    let whole = self
    return StoredTensor(
      name: name, path: path, shape: shape.dropLast() + [range.count], elementType: elementType,
      format: format
    ) { () throws(WeightFileError) in
      let values = try whole.values()
      return stride(from: 0, to: values.count, by: max(width, 1)).flatMap { start in
        values[start + range.lowerBound..<start + range.upperBound]
      }
    }
  }
}

extension StoredTensor {
  /// What has this index along the first axis.
  func slice(_ index: Int) -> StoredTensor {
    let shape = Array(shape.dropFirst())
    let whole = self
    return StoredTensor(name: name, path: path, shape: shape, elementType: elementType, format: format) {
      () throws(WeightFileError) in
      let count = shape.reduce(1, *)
      return Array(try whole.values()[index * count..<(index + 1) * count])
    }
  }
}
