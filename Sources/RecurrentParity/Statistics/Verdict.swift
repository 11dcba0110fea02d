/// What a difference between two runs is.
public enum Verdict: String, CaseIterable, Codable, Sendable, Comparable {
  /// Rounding, and no more of it than honest arithmetic makes.
  case match
  /// The evidence cannot decide.
  case inconclusive
  /// The formula, in worse arithmetic than the run declares.
  case drift
  /// Two references differ where there is no formula to judge by, by more than rounding moves the model.
  case differs
  /// Another formula.
  case mismatch
  /// Nothing that can be judged: a value that is not finite, or a broken file.
  case invalid

  /// Worse is greater.
  public static func < (a: Verdict, b: Verdict) -> Bool { a.rank < b.rank }

  private var rank: Int {
    switch self {
    case .match: 0
    case .inconclusive: 1
    case .drift: 2
    case .differs: 3
    case .mismatch: 4
    case .invalid: 5
    }
  }
}

extension Sequence where Element == Verdict {
  /// The worst of all; nothing at all is a match.
  public var worst: Verdict { self.max() ?? .match }
}
