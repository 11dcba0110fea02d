/// The name of a file or folder: the bytes that the operating system has for it, which need not be UTF-8.
public struct SystemPath: Hashable, Sendable {
  /// Without the final NUL.
  public let bytes: [UInt8]

  /// The path of these bytes, in whatever encoding the system has.
  public init(bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

  /// The path of that text, in UTF-8.
  public init(_ text: String) { self.init(bytes: text.utf8) }

  /// What is called `name` in the folder here.
  public func appending(_ name: SystemPath) -> SystemPath {
    SystemPath(bytes: bytes + (bytes.last == UInt8(ascii: "/") ? [] : [UInt8(ascii: "/")]) + name.bytes)
  }

  /// Calls the body with the bytes, and a zero behind them; the pointer is valid until it returns.
  public func withCString<Result, Failure: Error>(
    _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let terminated = bytes.map(CChar.init(bitPattern:)) + [0]
    return try body(terminated)
  }
}

extension SystemPath: CustomStringConvertible {
  /// The path as text, with the bytes that are not UTF-8 written as `\xNN`.
  public var description: String { String(escaping: bytes) }
}

extension String {
  /// The text that `bytes` encode, with those of them that are not UTF-8 written as `\xNN`.
  init(escaping bytes: some Collection<UInt8>) {
    self = ""
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      if let scalar = Unicode.Scalar(leading: rest) {
        unicodeScalars.append(scalar)
        rest = rest.dropFirst(UTF8.width(scalar))
      } else {
        let digits = String(rest.removeFirst(), radix: 16, uppercase: true)
        self += "\\x" + (digits.count == 1 ? "0" : "") + digits
      }
    }
  }
}

extension Unicode.Scalar {
  /// The scalar with whose UTF-8 the bytes begin; nil where they begin with none.
  package init?(leading bytes: some Collection<UInt8>) {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
    self = scalar
  }
}
