import HDF5

/// The value of an attribute.
public enum AttributeValue: Equatable, Sendable {
  case string(String)
  case strings([String])
  case int(Int)
  case double(Double)
  case bool(Bool)

  init(_ attribute: Attribute) throws {
    switch attribute.elementType {
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
    }
  }
}

extension AttributeValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .int(value) }
}
