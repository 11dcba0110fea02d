#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A report for other programs, with keys in a fixed order and a final newline. Characters that are not seen are
/// escaped, and decode to what they were.
public struct JSONRenderer: ReportRenderer {
  /// Which timesteps are listed.
  public var timesteps: TimestepSelection

  /// A renderer that lists these timesteps.
  public init(timesteps: TimestepSelection = .all) { self.timesteps = timesteps }

  public func frame(_ cases: [CaseSummary]) throws -> ReportFrame {
    try Self.frame(
      Report(
        verdict: cases.map(\.verdict).worst.rawValue, cases: [], couldBeJoined: JoinableFiles(cases).groups),
      isEmpty: cases.isEmpty)
  }

  public func section(_ entry: CaseReport, _ write: (String) throws -> Void) throws {
    try Self.entry(timesteps.selected(of: entry), write)
  }

  /// One element of the list of cases, piece by piece.
  ///
  /// Timesteps are most of it, and always the same few numbers: they go without the detour by which everything else
  /// is encoded, and a long list of them is never in memory as text.
  fileprivate static func entry(
    _ entry: CaseReport, _ write: (String) throws -> Void
  ) throws {
    var bare = entry
    var timesteps: [[TimestepReport]] = []
    for reference in bare.references.indices {
      for layer in bare.references[reference].layers.indices {
        timesteps.append(bare.references[reference].layers[layer].timesteps)
        bare.references[reference].layers[layer].timesteps = []
      }
    }
    let end = try encoded(Report(verdict: "", cases: [])).count - emptyList.count
    var rest = try encoded(Report(verdict: "", cases: [bare]))[beginning.count...].dropLast(
      end + "\n  ]".utf8.count)
    var text: [UInt8] = []
    func flush() throws {
      try write(String(decoding: text, as: UTF8.self).printableJSON)
      text = []
    }
    for list in timesteps {
      guard let place = rest.firstIndex(ofSequence: noTimesteps) else {
        preconditionFailure("each layer has a list of timesteps")
      }
      text += rest[..<place]
      text += list.isEmpty ? noTimesteps : Array("\"timesteps\" : [\n".utf8)
      for (index, step) in list.enumerated() {
        if index > 0 { text += ",\n".utf8 }
        text += step.json.utf8
        if text.count > pieceBytes { try flush() }
      }
      if !list.isEmpty { text += "\n              ]".utf8 }
      rest = rest[(place + noTimesteps.count)...]
    }
    text += rest
    try flush()
  }

  /// About so much text is in memory at once.
  private static let pieceBytes = 1 << 16

  private static let beginning = Array("{\n  \"cases\" : [\n".utf8)
  private static let emptyList = Array("{\n  \"cases\" : [\n\n  ]".utf8)
  private static let noTimesteps = Array("\"timesteps\" : [\n\n              ]".utf8)

  fileprivate static func frame(_ report: Report, isEmpty: Bool) throws -> ReportFrame {
    let rest = String(decoding: try encoded(report)[emptyList.count...], as: UTF8.self).printableJSON + "\n"
    return ReportFrame(
      beginning: String(decoding: isEmpty ? emptyList : beginning, as: UTF8.self), separator: ",\n",
      end: (isEmpty ? "" : "\n  ]") + rest)
  }

  private static func encoded(_ report: Report) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(report))
  }
}

extension Report {
  /// The whole report as JSON.
  public func json() throws -> String {
    var rest = self
    rest.cases = []
    let frame = try JSONRenderer.frame(rest, isEmpty: cases.isEmpty)
    let entries = try cases.map { entry in
      var text = ""
      try JSONRenderer.entry(entry) { text += $0 }
      return text
    }
    return frame.beginning + entries.joined(separator: frame.separator) + frame.end
  }
}

extension TimestepReport {
  /// As the encoder has it in its place.
  fileprivate var json: String {
    """
                    {
                      "effective_roundoff_rms" : \(effectiveRoundoffRms.json),
                      "free_running_max_abs" : \(freeRunningMaxAbs.json),
                      "max_bound_ratio" : \(maxBoundRatio.json),
                      "max_residual" : \(maxResidual.json),
                      "t" : \(timestep),
                      "verdict" : "\(verdict)"
                    }
    """
  }
}

extension Number {
  fileprivate var json: String {
    guard value.isFinite else { return "null" }
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

extension ArraySlice<UInt8> {
  /// Where the other begins in this one, for the first time.
  fileprivate func firstIndex(ofSequence other: [UInt8]) -> Int? {
    var index = startIndex
    while index + other.count <= endIndex {
      if self[index] == other[0], self[index..<index + other.count].elementsEqual(other) { return index }
      index += 1
    }
    return nil
  }
}
