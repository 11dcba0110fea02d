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

  /// One element of the list of cases, piece by piece: a long list of timesteps is never in memory as text.
  public static func entry(_ entry: CaseReport, _ write: (String) throws -> Void) throws {
    var short = entry
    var lists: [[TimestepReport]] = []
    for reference in short.references.indices {
      for layer in short.references[reference].layers.indices {
        let timesteps = short.references[reference].layers[layer].timesteps
        guard timesteps.count > timestepsInMemory else { continue }
        lists.append(timesteps)
        short.references[reference].layers[layer].timesteps = [.standIn]
      }
    }
    var rest = try wholeEntry(short)[...]
    for list in lists {
      guard let standIn = rest.firstStandIn else { preconditionFailure("each list has its stand-in") }
      try write(String(rest[..<standIn.range.lowerBound]))
      for start in stride(from: 0, to: list.count, by: timestepsInMemory) {
        let part = Array(list[start..<min(start + timestepsInMemory, list.count)])
        try write((start == 0 ? "" : ",\n") + elements(part, indentation: standIn.indentation))
      }
      rest = rest[standIn.range.upperBound...]
    }
    try write(String(rest))
  }

  /// Timesteps whose text is in memory at once.
  private static let timestepsInMemory = 4096

  private static func wholeEntry(_ entry: CaseReport) throws -> String {
    let alone = Report(verdict: "", cases: [entry])
    let end = try text(Report(verdict: "", cases: [])).dropFirst(emptyList.count)
    return String(try text(alone).dropFirst(beginning.count).dropLast(end.count + "\n  ]".count))
  }

  /// The elements of a list without its brackets, each line as far in as asked for.
  private static func elements(_ list: [TimestepReport], indentation: Int) throws -> String {
    let margin = String(repeating: " ", count: indentation - "  ".count)
    return try text(list).split(separator: "\n").dropFirst().dropLast().map { margin + $0 }.joined(
      separator: "\n")
  }

  private static let beginning = "{\n  \"cases\" : [\n"
  private static let separator = ",\n"
  private static let emptyList = "{\n  \"cases\" : [\n\n  ]"

  fileprivate static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self).printableJSON
  }
}

extension Report {
  public func json() throws -> String { try JSONRenderer.text(self) + "\n" }
}

extension TimestepReport {
  /// Stands in a text where a list belongs: no timestep has its number.
  fileprivate static let standIn = TimestepReport(
    t: -1, verdict: "", maxResidual: Number(0), maxBoundRatio: Number(0), effectiveRoundoffRms: Number(0),
    freeRunningMaxAbs: Number(0))
}

extension Substring {
  /// Where the first stand-in is, from the margin of its first line to its closing brace.
  fileprivate var firstStandIn: (range: Range<Index>, indentation: Int)? {
    guard let number = firstRange(of: "\"t\" : -1,\n"),
      let open = self[..<number.lowerBound].lastIndex(of: "{"),
      let close = self[number.upperBound...].firstIndex(of: "}")
    else { return nil }
    let line = self[..<open].lastIndex(of: "\n").map { index(after: $0) } ?? startIndex
    return (line..<index(after: close), distance(from: line, to: open))
  }
}
