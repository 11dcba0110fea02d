import RecurrentParity

/// From which verdict on something fails: the values of the command's `--fail-on`. What is invalid always does.
public enum FailureThreshold: String, CaseIterable, Sendable {
  /// Everything that is no match.
  case drift
  /// Two references that differ between the layers, or at the model's ends, and a mismatch.
  case differs
  /// Another formula, other weights or another input.
  case mismatch

  /// The mildest verdict that fails. What cannot be decided counts with drift.
  public var verdict: Verdict {
    switch self {
    case .drift: .inconclusive
    case .differs: .differs
    case .mismatch: .mismatch
    }
  }
}
