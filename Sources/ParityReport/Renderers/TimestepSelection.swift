import RecurrentParity

/// Which timesteps a report for other programs lists.
public enum TimestepSelection: String, CaseIterable, Codable, Sendable {
  /// Those that do not match.
  case flagged
  /// Every timestep.
  case all

  func selected(of entry: CaseReport) -> CaseReport {
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
