#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Report {
  /// The report as JSON in UTF-8, as `parity report --format json` writes it.
  public func encoded() throws -> Data { Data(try json().utf8) }

  /// What `encoded()` or `parity report --format json` wrote, of this or a later program of the same format version.
  ///
  /// Fields that are not known are ignored. A number that was not finite comes back as NaN, for JSON has no other.
  ///
  /// - Throws: `ReportError` for what is no JSON, no report or a report of another format version, and for a field that
  ///   is missing or of another kind.
  public static func decoded(from data: Data) throws(ReportError) -> Report {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      let header = try decoder.decode(Header.self, from: data)
      if let format = header.format, format != Self.formatName {
        throw ReportError(path: "format", expected: "\"\(Self.formatName)\"", found: "\"\(format)\"")
      }
      if let version = header.formatVersion, version != Self.formatVersion {
        throw ReportError(path: "format_version", expected: "\(Self.formatVersion)", found: "\(version)")
      }
      return try decoder.decode(Report.self, from: data)
    } catch let error as DecodingError {
      throw ReportError(error)
    } catch let error as ReportError {
      throw error
    } catch {
      throw ReportError(path: "", expected: "JSON", found: "\(error)")
    }
  }

  /// What says how to read the rest.
  private struct Header: Decodable {
    let format: String?
    let formatVersion: Int?
  }
}

/// Data that is no report of this format version: where, what was expected, and what was found.
public struct ReportError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The path in the document, `cases[0].references[1].name`; empty where the whole is meant.
  public let path: String
  /// What the format has in that place.
  public let expected: String
  /// What is there.
  public let found: String

  /// "cases[0].verdict: expected a string, found nothing"
  public var description: String { "\(path.isEmpty ? "report" : path): expected \(expected), found \(found)" }
}

extension ReportError: LocalizedError {
  /// The `description`.
  public var errorDescription: String? { description }
}

extension ReportError {
  fileprivate init(_ error: DecodingError) {
    switch error {
    case .keyNotFound(let key, let context):
      self.init(path: Self.path(context.codingPath + [key]), expected: "a value", found: "nothing")
    case .valueNotFound(let type, let context):
      self.init(path: Self.path(context.codingPath), expected: Self.name(type), found: "null")
    case .typeMismatch(let type, let context):
      self.init(path: Self.path(context.codingPath), expected: Self.name(type), found: Self.found(context))
    case .dataCorrupted(let context):
      let isWhole = context.codingPath.isEmpty
      self.init(
        path: Self.path(context.codingPath), expected: isWhole ? "JSON" : "a valid value",
        found: Self.found(context))
    @unknown default: self.init(path: "", expected: "a report", found: "\(error)")
    }
  }

  /// As the document has the names, and not as Swift has them.
  private static func path(_ keys: [any CodingKey]) -> String {
    keys.reduce(into: "") { path, key in
      if let index = key.intValue { return path += "[\(index)]" }
      let name = key.stringValue.reduce(into: "") { name, letter in
        name += letter.isUppercase ? "_" + letter.lowercased() : String(letter)
      }
      path += path.isEmpty ? name : "." + name
    }
  }

  private static func name(_ type: Any.Type) -> String {
    switch type {
    case is String.Type: "a string"
    case is Bool.Type: "true or false"
    case is Int.Type: "an integer"
    case is Double.Type: "a number"
    case is [Any].Type: "a list"
    default: "an object"
    }
  }

  /// The decoder says it in a sentence, "Expected to decode String but found number instead."
  private static func found(_ context: DecodingError.Context) -> String {
    let text = context.debugDescription
    guard let range = text.firstRange(of: "but found ") else { return text }
    let rest = text[range.upperBound...]
    return rest.firstRange(of: " instead").map { String(rest[..<$0.lowerBound]) } ?? String(rest)
  }
}
