import Recurrent

/// What is said of a fault that nothing explains, beside its shape: what is known only where a layer is judged, or a case.
extension ReferenceAnalysis {
  /// What would tell more of a remainder, the most telling first.
  func nextSteps(
    for shape: RemainderShape, layer index: Int, pass passIndex: Int
  ) -> [RemainderShape.NextStep] {
    let layer = reference.layers[index]
    let pass = layer.passes[passIndex]
    let valid = parityCase.valid(in: layer)
    var steps: [RemainderShape.NextStep] = []
    if pass.evidence == .carried { steps.append(.recordCellState) }
    if shape.pattern == .someSequences { steps.append(.recordAlone) }
    if case .rightFromZeros = shape.firstStep { steps.append(.startFromState) }
    let isOfTheRun = !shape.agreements.contains { if case .finalState = $0 { true } else { false } }
    if isOfTheRun, shape.isOfTheWhole {
      if index > 0, layer.input == nil { steps.append(.recordLayerInput) }
      if shape.firstStep == nil { steps.append(.startFromZeros) }
      if parameters == nil { steps.append(.evaluationMode) }
    }
    if (valid.counts.max() ?? 0) <= 2 { steps.append(.recordLonger) }
    return Array(steps.prefix(2))
  }
}

extension RemainderShape {
  /// Whether it is everywhere, but for the first step.
  fileprivate var isOfTheWhole: Bool {
    switch pattern {
    case .everything, .throughout: true
    case .everythingFrom: if case .rightFromZeros = firstStep { true } else { false }
    default: false
    }
  }
}

extension [PassJudgement] {
  /// Says of each direction's remainder that the other direction matches.
  var comparedWithEachOther: [PassJudgement] {
    guard count == 2 else { return self }
    var result = self
    for index in indices where self[1 - index].verdict == .match {
      result[index].findings = result[index].findings.changingRemainders {
        $0.agreements.append(.otherDirection)
      }
    }
    return result
  }
}

extension [ReferenceJudgement] {
  /// Says of each remainder which other references' states are those of the same weights.
  func comparedWithEachOther(_ cross: [CrossJudgement]) -> [ReferenceJudgement] {
    map { judgement in
      var judgement = judgement
      for index in judgement.passes.indices {
        let pass = judgement.passes[index]
        let agreeing = cross.filter { check in
          check.weightsOf == judgement.reference.name
            && check.passes.contains {
              $0.otherLayer == pass.layer && $0.direction == pass.pass.direction && $0.verdict == .match
            }
        }
        guard !agreeing.isEmpty else { continue }
        judgement.passes[index].judgement.findings = pass.judgement.findings.changingRemainders {
          $0.agreements += agreeing.map { .reference($0.statesOf) }
        }
      }
      return judgement
    }
  }
}
