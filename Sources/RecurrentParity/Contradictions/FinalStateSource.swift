import Recurrent

/// What a returned final state really is, where it is not the pass's last state.
public enum FinalStateSource: Equatable, Sendable {
  /// The last state of another pass.
  case pass(layer: Int, Direction)
  /// The pass's own state after its first step: the other end of its output.
  case firstStep
  /// The pass's own last state of the other kind.
  case otherKind(StateKind)
}

extension Reference {
  /// Says of final states that contradict the recorded states whose they are, where a recorded one is equal.
  func namingFinalStates(_ findings: [Finding], layer: Int, pass: Int, valid: ValidSteps) -> [Finding] {
    findings.map { finding in
      guard case .contradiction(.finalState(let kind)) = finding.subject,
        let source = finalStateSource(kind, layer: layer, pass: pass, valid: valid)
      else { return finding }
      var finding = finding
      finding.subject = .contradiction(.otherFinalState(kind, source))
      return finding
    }
  }

  private func finalStateSource(
    _ kind: StateKind, layer: Int, pass: Int, valid: ValidSteps
  ) -> FinalStateSource? {
    let own = layers[layer].passes[pass]
    guard let claimed = own.finalState[kind] else { return nil }
    let ends = valid.ends(own.direction)
    for other in StateKind.allCases where other != kind && claimed.isMade(of: own.states[other], at: ends) {
      return .otherKind(other)
    }
    let reversed: Direction = own.direction == .forward ? .backward : .forward
    if claimed.isMade(of: own.states[kind], at: valid.ends(reversed)) { return .firstStep }
    for (index, recorded) in layers.enumerated() {
      for other in recorded.passes where index != layer || other.direction != own.direction {
        if claimed.isMade(of: other.states[kind], at: (recorded.valid ?? valid).ends(other.direction)) {
          return .pass(layer: index, other.direction)
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
