import HDF5

/// The value of an attribute.
public enum AttributeValue: Equatable, Sendable {
  case string(String)
  case strings([String])
  case int(Int)
  case double(Double)
  case bool(Bool)
  /// A string in a format of its own.
  case text(String, StringFormat)
  case ints([Int])
  /// An integer in a type of its own.
  case integer(Int, bits: Int, signed: Bool, bigEndian: Bool = false)
  case unsigned(UInt64)

  init(_ attribute: Attribute) throws {
    switch attribute.elementType {
    case .string where attribute.shape.count == 1: self = .strings(try attribute.strings())
    case .string: self = .string(try attribute.string())
    case .integer: self = .int(try attribute.int())
    case .float: self = .double(try attribute.double())
    case .boolean: self = .bool(try attribute.bool())
    case .other: throw UnsupportedContent(path: "\(attribute.path)@\(attribute.name)")
    }
  }

  func write(_ name: String, to group: Group) throws {
    switch self {
    case .string(let value): try group.setAttribute(name, value)
    case .strings(let values): try group.setAttribute(name, values)
    case .int(let value): try group.setAttribute(name, value)
    case .double(let value): try group.setAttribute(name, value)
    case .bool(let value): try group.setAttribute(name, value)
    case .text(let value, let format): try group.setAttribute(name, value, as: format)
    case .ints(let values): try group.setAttribute(name, values.map(Int64.init))
    case .unsigned(let value): try group.setAttribute(name, [value], shape: [])
    case .integer(let value, let bits, let signed, let bigEndian):
      let type = ElementType.integer(bits: bits, signed: signed, bigEndian: bigEndian)
      switch (bits, signed) {
      case (8, true): try write(name, Int8(clamping: value), type, to: group)
      case (16, true): try write(name, Int16(clamping: value), type, to: group)
      case (32, true): try write(name, Int32(clamping: value), type, to: group)
      case (8, false): try write(name, UInt8(clamping: value), type, to: group)
      case (16, false): try write(name, UInt16(clamping: value), type, to: group)
      case (32, false): try write(name, UInt32(clamping: value), type, to: group)
      case (_, false): try write(name, UInt64(clamping: value), type, to: group)
      default: try write(name, Int64(clamping: value), type, to: group)
      }
    }
  }

  private func write<T: Element>(_ name: String, _ value: T, _ type: ElementType, to group: Group) throws {
    try group.setAttribute(name, [value], shape: [], storedAs: type)
  }
}

extension AttributeValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .int(value) }
}
