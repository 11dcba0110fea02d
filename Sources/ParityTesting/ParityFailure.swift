import ParityReport

/// What `requireParity` throws where parity fails: everything that was found, and the report.
public struct ParityFailure: Error, Sendable, CustomStringConvertible {
  /// A text for each layer, direction and reference that fails: where, by how much, what was found and how to mend it.
  public let failures: [String]
  /// The whole report.
  public let report: Report

  public var description: String { failures.joined(separator: "\n\n") }
}

extension ParityOutcome {
  /// The report of what is met.
  func required() throws(ParityFailure) -> Report {
    guard failures.isEmpty else { throw ParityFailure(failures: failures, report: report) }
    return report
  }
}
