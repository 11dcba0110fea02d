import Foundation

/// Any JSON value, told apart as strictly as a program in another language would.
public enum JSONValue: Decodable, Equatable, Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  public init(_ text: String) throws {
    self = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  /// The member of that name; nil where this is no object or has none.
  public subscript(_ key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members[key]
  }

  /// The elements; none where this is no array.
  public var elements: [JSONValue] {
    guard case .array(let elements) = self else { return [] }
    return elements
  }

  public var string: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  public var number: Double? {
    guard case .number(let value) = self else { return nil }
    return value
  }
}

extension JSONValue {
  /// The path of every member of every object: "cases[0].verdict".
  public var memberPaths: [String] {
    switch self {
    case .null, .bool, .number, .string: []
    case .array(let elements):
      elements.enumerated().flatMap { index, element in element.memberPaths.map { "[\(index)]" + $0 } }
    case .object(let members):
      members.flatMap { key, value in [".\(key)"] + value.memberPaths.map { ".\(key)" + $0 } }
    }
  }

  /// This value with another at that path; nil takes the member away.
  public func replacing(_ path: String, by replacement: JSONValue?) -> JSONValue? {
    if path.isEmpty { return replacement }
    switch self {
    case .null, .bool, .number, .string: return self
    case .array(let elements):
      return .array(
        elements.enumerated().compactMap { index, element in
          let prefix = "[\(index)]"
          guard path.hasPrefix(prefix) else { return element }
          return element.replacing(String(path.dropFirst(prefix.count)), by: replacement)
        })
    case .object(let members):
      var changed: [String: JSONValue] = [:]
      for (key, value) in members {
        let prefix = ".\(key)"
        let rest = path.dropFirst(prefix.count)
        let isOnThePath = path.hasPrefix(prefix) && (rest.isEmpty || rest.first == "." || rest.first == "[")
        changed[key] = isOnThePath ? value.replacing(String(rest), by: replacement) : value
      }
      return .object(changed)
    }
  }
}
