import Recurrent

/// What was found of one case.
public struct CaseJudgement: Sendable {
  /// What was judged.
  public var parityCase: ParityCase
  /// In the order of the case.
  public var references: [ReferenceJudgement]
  /// Of every ordered pair of references.
  public var cross: [CrossJudgement]
  /// What lies between the layers of each two references, and the ends of their models, in the order of the data.
  public var boundaries: [BoundaryJudgement]
  /// The name of the reference that the user declares to be right; nil where none is, or none has it.
  public var original: String?
  /// Whether each two references hold the same bits; empty where that was not asked for.
  public var bits: [BitComparison] = []

  /// The worst of all its parts.
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
  /// What was judged.
  public var reference: Reference
  /// One entry for each layer and direction, in data-flow order, forward first.
  public var passes: [LayerPassJudgement]

  /// The worst of its passes.
  public var verdict: Verdict { passes.map(\.judgement.verdict).worst }
}

/// One direction of one layer of a reference.
public struct LayerPassJudgement: Sendable {
  /// The number of the layer, from 0.
  public var layer: Int
  /// The layer's name in the model.
  public var name: String
  /// What was judged.
  public var pass: RecordedPass
  /// What its steps came to.
  public var judgement: PassJudgement
  /// The difference to a run from the input alone, beside the verdict.
  public var freeRunning: FreeRunning
}

extension CaseJudgement {
  /// Whether a free-running difference exceeds the user's tolerance.
  public var exceedsTolerance: Bool {
    references.contains { $0.passes.contains { $0.freeRunning.firstAboveTolerance != nil } }
  }
}
