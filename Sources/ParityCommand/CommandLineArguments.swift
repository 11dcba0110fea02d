import ArgumentParser
import HDF5
import ParityReport

/// What the command was called with, whose bytes need not be UTF-8.
struct CommandLineArguments {
  /// Without the program's name; as `SystemPath.init(argument:)` takes them.
  let texts: [String]

  init() {
    texts = (1..<max(1, Int(CommandLine.argc))).compactMap { index in
      CommandLine.unsafeArgv[index].map { SystemPath(cString: $0).argument }
    }
  }

  /// The parser takes `-x.h5` for several flags of one letter, and finds the `h` of help among them.
  func requireKnownFlags() throws {
    for text in texts.prefix(while: { $0 != "--" }) where text.hasPrefix("-") && !text.hasPrefix("--") {
      guard text.count > 2, Double(text) == nil else { continue }
      throw ValidationError("Unknown option '\(text)'; a file of that name comes after --")
    }
  }

  /// A message of the parser, in which arguments may stand, for a terminal or a log.
  func printable(_ message: String) -> String {
    var message = message
    for text in texts {
      let printable = SystemPath(argument: text).description.printable
      if printable != text { message = message.replacing(text, with: printable) }
    }
    return message.split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0).printable }.joined(separator: "\n")
  }
}

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
