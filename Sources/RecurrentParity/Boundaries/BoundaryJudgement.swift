/// What was found of one boundary between two references.
public struct BoundaryJudgement: Sendable {
  /// The two references.
  public var reference: String
  /// The name of the reference that is held against it.
  public var other: String
  /// As each of them names it.
  public var boundary: Boundary
  /// What the other calls the boundary.
  public var otherBoundary: Boundary
  /// What the comparison came to.
  public var outcome: Outcome
  /// What the outcome rests on.
  public var evidence: BoundaryEvidence
  /// Of the slice with the largest ratio; nil where no numbers were compared.
  public var figures: BoundaryFigures?
  /// Whether the two were held against each other with their first two axes exchanged.
  public var isExchanged = false
  /// What makes the first of the second, where that accounts for their difference.
  public var relation: ArrayRelation?

  /// What a comparison at a boundary can come to.
  public enum Outcome: Equatable, Sendable {
    /// The two differ by no more than rounding moves the model.
    case agrees
    /// Only the reference of that name has it, and what it leads to is judged at the boundaries behind it.
    case notCompared(onlyIn: String)
    /// What is recorded cannot tell, and why.
    case undecided(UndecidedBoundary)
    /// The two differ by more, and how.
    case differs(BoundaryDifference)
  }

  /// `match`, `inconclusive` or `differs`.
  public var verdict: Verdict {
    switch outcome {
    case .agrees, .notCompared: .match
    case .undecided: .inconclusive
    case .differs: .differs
    }
  }
}

/// What a boundary is judged by.
public enum BoundaryEvidence: String, Sendable {
  /// The spread of runs that all had the other reference's recurrent outputs: the boundary is judged alone.
  case pinned
  /// The spread of runs that ran freely.
  case free
  /// No spread is recorded: a coarser rule.
  case none
  /// Integers are equal or not; so are shapes.
  case exact
}

/// Why a boundary has no verdict.
public enum UndecidedBoundary: Equatable, Sendable {
  /// The spread is so large a part of the boundary's rms.
  case spread(relative: Double)
  /// No spread is recorded, and the difference is so large a part of the boundary's rms.
  case unmeasured(relative: Double)
  /// Integers that differ, and that a moved run changed too.
  case moved
  /// Only the reference of that name records it.
  case onlyIn(String)
}

/// The numbers of one comparison.
public struct BoundaryFigures: Equatable, Sendable {
  /// Of the difference to the combined spread, the largest of all slices.
  public var ratio: Double
  /// Where the ratio is largest.
  public var slice: BoundarySlice
  /// In that slice.
  public var rmsDifference: Double
  /// What rounding is taken to move the slice by.
  public var spread: Double
  /// Of the whole boundary, the larger of the two.
  public var rms: Double
}
