/// A JSON value of small texts, as configurations are.
enum JSONValue: Equatable, Sendable {
  case object([String: JSONValue])
  case array([JSONValue])
  case string(String)
  case number(Double)
  case bool(Bool)
  case null

  init(_ text: String) throws(JSONFailure) {
    var reader = JSONReader(Array(text.utf8))
    self = try Self(&reader)
    try reader.finish()
  }

  private init(_ reader: inout JSONReader) throws(JSONFailure) {
    switch reader.peek() {
    case UInt8(ascii: "{"):
      var members: [String: JSONValue] = [:]
      try reader.object { (reader, name) throws(JSONFailure) in members[name] = try JSONValue(&reader) }
      self = .object(members)
    case UInt8(ascii: "["):
      var elements: [JSONValue] = []
      try reader.array { (reader) throws(JSONFailure) in elements.append(try JSONValue(&reader)) }
      self = .array(elements)
    case UInt8(ascii: "\""): self = .string(try reader.string())
    default:
      if reader.word("true") {
        self = .bool(true)
      } else if reader.word("false") {
        self = .bool(false)
      } else if reader.word("null") {
        self = .null
      } else if reader.word("NaN") {
        self = .number(.nan)
      } else if reader.word("Infinity") {
        self = .number(.infinity)
      } else if reader.word("-Infinity") {
        self = .number(-.infinity)
      } else {
        self = .number(try reader.number())
      }
    }
  }

  /// A member of an object; nil where there is none, or this is none.
  subscript(_ name: String) -> JSONValue? {
    if case .object(let members) = self { return members[name] }
    return nil
  }

  var string: String? {
    if case .string(let value) = self { return value }
    return nil
  }

  var bool: Bool? {
    if case .bool(let value) = self { return value }
    return nil
  }

  var int: Int? {
    if case .number(let value) = self { return Int(exactly: value) }
    return nil
  }

  var array: [JSONValue]? {
    if case .array(let elements) = self { return elements }
    return nil
  }
}
