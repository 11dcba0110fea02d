import ArgumentParser

/// A number of bytes, as a person writes it: 800M, 1.5GiB, 2000000.
struct ByteSize: Equatable, Sendable {
  let bytes: Int
}

extension ByteSize: ExpressibleByArgument {
  private static let units = ["": 1.0, "K": 0x1p10, "M": 0x1p20, "G": 0x1p30, "T": 0x1p40]

  init?(argument: String) {
    let digits = argument.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    var unit = argument.dropFirst(digits.count).uppercased()
    for ending in ["IB", "B"] where unit.hasSuffix(ending) {
      unit.removeLast(ending.count)
      break
    }
    guard let number = Double(digits), let factor = Self.units[unit], number * factor >= 1,
      let bytes = Int(exactly: (number * factor).rounded(.down))
    else { return nil }
    self.init(bytes: bytes)
  }
}

extension ByteSize: CustomStringConvertible {
  /// As `--memory-limit` takes it, to three digits and not below.
  var description: String {
    for (name, factor) in [("GiB", 0x1p30), ("MiB", 0x1p20), ("KiB", 0x1p10)] where Double(bytes) >= factor {
      let hundredths = (Double(bytes) / factor * 100).rounded(.up)
      let (whole, rest) = (Int(hundredths) / 100, Int(hundredths) % 100)
      guard rest > 0 else { return "\(whole)\(name)" }
      return "\(whole).\(rest < 10 ? "0" : "")\(rest)\(name)"
    }
    return "\(bytes)B"
  }
}
