/// What is wrong with a JSON text, and at which byte.
struct JSONFailure: Error, Equatable {
  let expected: String
  let found: String
}

/// Reads a JSON text member by member, keeping nothing of what the caller does not keep: a header of any length is read
/// in the memory of its own bytes. Names that stand twice in an object are refused, and so is deep nesting.
///
/// NaN and Infinity are read, for Python writes them.
struct JSONReader {
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0
  private static let mostDepth = 200

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  // MARK: Values

  /// An object, whose members are read by `member`: it has to read the value.
  mutating func object(
    _ member: (inout JSONReader, String) throws(JSONFailure) -> Void
  ) throws(JSONFailure) {
    try enter("{")
    var names: Set<String> = []
    if !take("}") {
      repeat {
        skipSpace()
        let name = try string()
        guard names.insert(name).inserted else {
          throw JSONFailure(expected: "every name once", found: "\"\(name)\" twice")
        }
        guard take(":") else { throw failure("\":\"") }
        try member(&self, name)
      } while take(",")
      guard take("}") else { throw failure("\",\" or \"}\"") }
    }
    depth -= 1
  }

  /// An array, whose elements are read by `element`.
  mutating func array(_ element: (inout JSONReader) throws(JSONFailure) -> Void) throws(JSONFailure) {
    try enter("[")
    if !take("]") {
      repeat { try element(&self) } while take(",")
      guard take("]") else { throw failure("\",\" or \"]\"") }
    }
    depth -= 1
  }

  mutating func string() throws(JSONFailure) -> String {
    guard take("\"") else { throw failure("a string") }
    var text: [UInt8] = []
    while true {
      guard position < bytes.count else { throw failure("the end of a string") }
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: text, as: UTF8.self) else {
          throw JSONFailure(expected: "UTF-8", found: "other bytes before byte \(position)")
        }
        return text
      case UInt8(ascii: "\\"): text += try escaped()
      case 0..<0x20: throw JSONFailure(expected: "a string", found: "a control in it at byte \(position)")
      default: text.append(byte)
      }
    }
  }

  mutating func number() throws(JSONFailure) -> Double {
    skipSpace()
    let start = position
    while position < bytes.count, Self.numberBytes.contains(bytes[position]) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard !text.isEmpty, let value = Double(text) else {
      position = start
      throw failure("a number")
    }
    return value
  }

  /// An integer of at least 0, exactly.
  mutating func count() throws(JSONFailure) -> Int {
    skipSpace()
    let start = position
    while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
      position += 1
    }
    guard start < position, let value = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
      position = start
      throw failure("an integer of at least 0")
    }
    return value
  }

  /// Whether the word comes next; it is then read.
  mutating func word(_ word: String) -> Bool {
    skipSpace()
    guard bytes[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  /// - Throws: where anything but space follows.
  mutating func finish() throws(JSONFailure) {
    skipSpace()
    guard position == bytes.count else { throw failure("the end") }
  }

  /// The next byte that is no space; nil at the end.
  mutating func peek() -> UInt8? {
    skipSpace()
    return position < bytes.count ? bytes[position] : nil
  }

  // MARK: Private

  private static let numberBytes = Set("+-.0123456789eE".utf8)

  private mutating func enter(_ bracket: Character) throws(JSONFailure) {
    guard take(bracket) else { throw failure(bracket == "{" ? "an object" : "an array") }
    depth += 1
    guard depth <= Self.mostDepth else {
      throw JSONFailure(expected: "nesting of at most \(Self.mostDepth)", found: "more")
    }
  }

  private mutating func take(_ character: Character) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == character.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  private mutating func escaped() throws(JSONFailure) -> [UInt8] {
    guard position < bytes.count else { throw failure("an escape") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"):
      var units = [try unit()]
      if UTF16.isLeadSurrogate(units[0]), bytes[position...].starts(with: "\\u".utf8) {
        position += 2
        units.append(try unit())
      }
      return Array(String(decoding: units, as: UTF16.self).utf8)
    default: throw JSONFailure(expected: "an escape", found: "another one at byte \(position)")
    }
  }

  private mutating func unit() throws(JSONFailure) -> UInt16 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16) else {
      throw failure("four hexadecimal digits")
    }
    position += 4
    return unit
  }

  private func failure(_ expected: String) -> JSONFailure {
    guard position < bytes.count else { return JSONFailure(expected: expected, found: "the end") }
    let byte = bytes[position]
    let shown = (0x21..<0x7F).contains(byte) ? "\"\(Character(Unicode.Scalar(byte)))\"" : "byte \(byte)"
    return JSONFailure(expected: expected, found: "\(shown) at byte \(position)")
  }
}
