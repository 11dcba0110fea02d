import ArgumentParser
import HDF5

extension SystemPath: ExpressibleByArgument {
  init(cString: UnsafePointer<CChar>) {
    var bytes: [UInt8] = []
    var next = cString
    while next.pointee != 0 {
      bytes.append(UInt8(bitPattern: next.pointee))
      next += 1
    }
    self.init(bytes: bytes)
  }

  /// The bytes as text, from which `init(argument:)` has them back: each that is not UTF-8 as a character of a
  /// private range, and so each of a character of that range.
  var argument: String {
    var text = String.UnicodeScalarView()
    var rest = bytes[...]
    while let byte = rest.first {
      if let scalar = Unicode.Scalar(leading: rest), Self.byte(scalar) == nil {
        text.append(scalar)
        rest = rest.dropFirst(UTF8.width(scalar))
      } else {
        if let scalar = Unicode.Scalar(Self.privateRange.lowerBound + UInt32(byte)) { text.append(scalar) }
        rest = rest.dropFirst()
      }
    }
    return String(text)
  }

  public init(argument: String) {
    self.init(
      bytes: argument.unicodeScalars.flatMap { scalar in
        Self.byte(scalar).map { [$0] } ?? Array(String(scalar).utf8)
      })
  }

  private static let privateRange: ClosedRange<UInt32> = 0x10_FE00...0x10_FEFF

  private static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
    privateRange.contains(scalar.value) ? UInt8(scalar.value - privateRange.lowerBound) : nil
  }
}
