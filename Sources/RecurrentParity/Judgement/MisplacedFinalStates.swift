import Recurrent

extension Reference {
  /// What final states that contradict the recorded ones really are, where each of them is another recorded state and
  /// nothing else is wrong with the pass; nil where that is not so.
  func misplacedFinalStates(
    _ judgement: PassJudgement, layer: Int, pass: Int, valid: ValidSteps
  ) -> Finding? {
    var sources: [String] = []
    var place: FindingPlace?
    for finding in judgement.findings {
      switch finding.subject {
      case .contradiction(.finalState(let kind)):
        guard let source = finalStateSource(kind, layer: layer, pass: pass, valid: valid) else { return nil }
        if !sources.contains(source) { sources.append(source) }
        place = place ?? finding.place
      case .contradiction, .remainder, .mistake, .precision, .unjudged: return nil
      case .parameter, .boundary, .amplification: break
      }
    }
    return place.map { place in
      Finding(
        .mistake(sources.map { Mistake(.finalStateOf, $0) }), explains: .all, at: place,
        maxBoundRatio: judgement.figures.maxBoundRatio)
    }
  }

  private func finalStateSource(
    _ kind: StateKind, layer: Int, pass: Int, valid: ValidSteps
  ) -> String? {
    let own = layers[layer].passes[pass]
    guard let claimed = own.finalState[kind] else { return nil }
    let ends = valid.ends(own.direction)
    for other in StateKind.allCases where other != kind && claimed.isMade(of: own.states[other], at: ends) {
      return "its last \(other.rawValue)"
    }
    let reversed: Direction = own.direction == .forward ? .backward : .forward
    if claimed.isMade(of: own.states[kind], at: valid.ends(reversed)) {
      return "the state after its first step"
    }
    for (index, recorded) in layers.enumerated() {
      for other in recorded.passes where index != layer || other.direction != own.direction {
        if claimed.isMade(of: other.states[kind], at: (recorded.valid ?? valid).ends(other.direction)) {
          return "the last state of layer \(index) \(other.direction.rawValue)"
        }
      }
    }
    return nil
  }
}

extension ValidSteps {
  /// Of each sequence the step that a pass of the direction ends with; nil where it has none.
  fileprivate func ends(_ direction: Direction) -> [StepIndex?] {
    (0..<batch).map { b in last(b, direction).map { StepIndex(t: $0, b: b) } }
  }
}

extension Matrix<Double> {
  /// Whether each row is the recorded one of its step.
  fileprivate func isMade(of states: RecordedSequence?, at steps: [StepIndex?]) -> Bool {
    guard let states, states.features == columns, steps.count == rows, steps.contains(where: { $0 != nil })
    else { return false }
    return steps.allSatisfy { step in
      step.map { 0..<states.timesteps ~= $0.t && row($0.b).elementsEqual(states.row($0.t, $0.b)) } ?? true
    }
  }
}
