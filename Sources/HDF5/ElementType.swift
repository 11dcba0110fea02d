/// What the elements of a dataset or an attribute are, as stored in the file.
public enum ElementType: Equatable, Sendable, CustomStringConvertible {
  /// An IEEE 754 number of 16, 32 or 64 bits.
  case float(bits: Int, bigEndian: Bool)
  /// A whole number of 8, 16, 32 or 64 bits. One of 8 bits is never called big-endian.
  case integer(bits: Int, signed: Bool, bigEndian: Bool)
  /// Text. A fixed length is in bytes, padding included; nil when each string has its own.
  case string(fixedLength: Int?, utf8: Bool)
  /// A bool, as h5py stores it: an enumeration of `FALSE` and `TRUE`.
  case boolean
  /// Anything else, in words, for people: nothing of it can be read.
  case other(String)

  /// The type in a word or a few: "float32", "big-endian int16", "string".
  public var description: String {
    switch self {
    case .float(let bits, let bigEndian): order(bigEndian) + "float\(bits)"
    case .integer(let bits, let signed, let bigEndian):
      order(bigEndian) + (signed ? "int" : "uint") + "\(bits)"
    case .string: "string"
    case .boolean: "boolean"
    case .other(let words): words
    }
  }

  private func order(_ bigEndian: Bool) -> String { bigEndian ? "big-endian " : "" }

  /// The type in the place of the dots of "expected an integer dataset, found …".
  var asFound: String {
    switch self {
    case .float, .integer: description
    case .string, .boolean: "a " + description
    case .other: description + " data"
    }
  }

  /// Whether each value of this type is also one of `other`, byte order aside.
  func fits(_ other: ElementType) -> Bool {
    switch (self, other) {
    case (.float(let bits, _), .float(let room, _)): bits <= room
    case (.integer(let bits, let signed, _), .integer(let room, let roomForSign, _)):
      signed == roomForSign ? bits <= room : roomForSign && bits < room
    default: false
    }
  }

  func with(bigEndian: Bool) -> ElementType {
    switch self {
    case .float(let bits, _): .float(bits: bits, bigEndian: bigEndian)
    case .integer(let bits, let signed, _):
      .integer(bits: bits, signed: signed, bigEndian: bigEndian && bits > 8)
    default: self
    }
  }
}
