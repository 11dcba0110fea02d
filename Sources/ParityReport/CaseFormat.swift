import RecurrentParity

/// How one case is rendered, by itself: a report on many is these texts, and what stands around them.
public enum CaseFormat: Codable, Equatable, Sendable {
  /// For a person at a terminal, with escape sequences for colour or without.
  case terminal(isColoured: Bool)
  /// For other programs, with all timesteps or those that do not match.
  case json(TimestepSelection)
  /// Why something does not match, and how to mend it.
  case diagnosis

  /// The text, piece by piece.
  public func write(_ entry: CaseReport, _ write: (String) throws -> Void) throws {
    switch self {
    case .terminal(let isColoured): try write(TerminalRenderer(isColoured: isColoured).section(entry))
    case .json(let timesteps): try JSONRenderer.entry(timesteps.selected(of: entry), write)
    case .diagnosis: try write(DiagnosisRenderer().section(entry))
    }
  }
}

/// Which timesteps a report for other programs lists.
public enum TimestepSelection: String, CaseIterable, Codable, Sendable {
  /// Those that do not match.
  case flagged
  /// Every timestep.
  case all

  fileprivate func selected(of entry: CaseReport) -> CaseReport {
    guard self == .flagged else { return entry }
    var entry = entry
    for reference in entry.references.indices {
      for layer in entry.references[reference].layers.indices {
        entry.references[reference].layers[layer].timesteps.removeAll { $0.verdict == Verdict.match.rawValue }
      }
    }
    return entry
  }
}
