#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A report for other programs, with keys in a fixed order and a final newline. Characters that are not seen are
/// escaped, and decode to what they were.
public enum JSONRenderer {
  /// What stands before the first case, between two, and after the last: each case is an `entry`.
  public static func surroundings(
    _ cases: [CaseSummary], couldBeJoined: [[String]]?
  ) throws -> (beginning: String, separator: String, end: String) {
    let verdict = cases.map(\.verdict).worst
    var report = Report(verdict: verdict.rawValue, cases: [])
    report.couldBeJoined = couldBeJoined
    let rest = try text(report).dropFirst(emptyList.count)
    return (cases.isEmpty ? emptyList : beginning, separator, (cases.isEmpty ? "" : "\n  ]") + rest + "\n")
  }

  /// One element of the list of cases.
  public static func entry(_ entry: CaseReport) throws -> String {
    let alone = Report(verdict: "", cases: [entry])
    let end = try text(Report(verdict: "", cases: [])).dropFirst(emptyList.count)
    return String(try text(alone).dropFirst(beginning.count).dropLast(end.count + "\n  ]".count))
  }

  private static let beginning = "{\n  \"cases\" : [\n"
  private static let separator = ",\n"
  private static let emptyList = "{\n  \"cases\" : [\n\n  ]"

  fileprivate static func text(_ report: Report) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(report), as: UTF8.self).printableJSON
  }
}

extension Report {
  public func json() throws -> String { try JSONRenderer.text(self) + "\n" }
}
