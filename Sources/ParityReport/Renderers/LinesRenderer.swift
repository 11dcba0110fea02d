/// JSON for programs that read one case after the other: each case is one object, as in the report's `cases`, on one
/// line. What a report says of all cases together is left to whoever reads them.
public struct LinesRenderer: ReportRenderer {
  /// Which timesteps are listed.
  public var timesteps: TimestepSelection

  /// A renderer that lists these timesteps.
  public init(timesteps: TimestepSelection = .all) { self.timesteps = timesteps }

  public func section(_ entry: CaseReport, _ write: (String) throws -> Void) throws {
    // JSON has line feeds between values only, and each begins the indentation of the next line.
    var isAtLineStart = true
    try JSONRenderer(timesteps: timesteps).section(entry) { piece in
      var line: [UInt8] = []
      line.reserveCapacity(piece.utf8.count)
      for byte in piece.utf8 {
        if byte == UInt8(ascii: "\n") {
          isAtLineStart = true
        } else if !(isAtLineStart && byte == UInt8(ascii: " ")) {
          isAtLineStart = false
          line.append(byte)
        }
      }
      try write(String(decoding: line, as: UTF8.self))
    }
    try write("\n")
  }

  public func frame(_ cases: [CaseSummary]) -> ReportFrame { ReportFrame() }
}
