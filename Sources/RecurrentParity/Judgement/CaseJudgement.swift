import Recurrent

/// What was found of one case.
public struct CaseJudgement: Sendable {
  public var parityCase: ParityCase
  public var references: [ReferenceJudgement]
  public var cross: [CrossJudgement]
  /// What lies between the layers of each two references, and the ends of their models, in the order of the data.
  public var boundaries: [BoundaryJudgement]
  /// The name of the reference that the user declares to be right; nil where none is, or none has it.
  public var original: String?
  /// Whether each two references hold the same bits; empty where that was not asked for.
  public var bits: [BitComparison] = []

  public var verdict: Verdict {
    // What a file requires and this program does not know may change everything in it.
    let isIncomplete =
      !parityCase.unknownFeatures.isEmpty
      || references.contains { $0.reference.model?.isIncomplete ?? false }
    return
      (references.map(\.verdict) + cross.map(\.verdict) + boundaries.map(\.verdict)
      + (isIncomplete ? [.inconclusive] : [])).worst
  }
}

/// What was found of one reference, by its own parameters.
public struct ReferenceJudgement: Sendable {
  public var reference: Reference
  /// One entry for each layer and direction, in data-flow order, forward first.
  public var passes: [LayerPassJudgement]

  public var verdict: Verdict { passes.map(\.judgement.verdict).worst }
}

/// One direction of one layer of a reference.
public struct LayerPassJudgement: Sendable {
  public var layer: Int
  public var name: String
  public var pass: RecordedPass
  public var judgement: PassJudgement
  public var freeRunning: FreeRunning
}

extension CaseJudgement {
  /// Whether a free-running difference exceeds the user's tolerance.
  public var exceedsTolerance: Bool {
    references.contains { $0.passes.contains { $0.freeRunning.firstAboveTolerance != nil } }
  }
}
