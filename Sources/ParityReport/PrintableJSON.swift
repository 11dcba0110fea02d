#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A value as a JSON text that a terminal can show.
enum PrintableJSON {
  /// Keys in a fixed order, characters that are not seen escaped.
  ///
  /// - Parameter value: of numbers that are finite, as all are that come from weights that were read.
  static func text(of value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    guard let data = try? encoder.encode(value) else { preconditionFailure("every value has a text") }
    return String(decoding: data, as: UTF8.self).printableJSON
  }
}
