/// A number of a report. JSON has no infinities and no NaN: they are written as `null`, and read back as NaN.
public struct Number: Codable, Sendable, Equatable {
  /// Not finite where the report has `null`.
  public var value: Double

  /// A number, finite or not.
  public init(_ value: Double) { self.value = value }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    value = container.decodeNil() ? .nan : try container.decode(Double.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if value.isFinite { try container.encode(value) } else { try container.encodeNil() }
  }
}

/// A field that is always written, as `null` where there is nothing.
public struct Nullable<Value: Codable & Equatable & Sendable>: Codable, Sendable, Equatable {
  /// Nil where the report has `null`.
  public var value: Value?

  /// A field with that value, or with `null`.
  public init(_ value: Value?) { self.value = value }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    value = container.decodeNil() ? nil : try container.decode(Value.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let value { try container.encode(value) } else { try container.encodeNil() }
  }
}

extension KeyedDecodingContainer {
  /// Chosen by synthesised decoding: a field that is there and `null` is not a field that is absent.
  func decodeIfPresent<Value>(_ type: Nullable<Value>.Type, forKey key: Key) throws -> Nullable<Value>? {
    contains(key) ? try decode(type, forKey: key) : nil
  }
}
