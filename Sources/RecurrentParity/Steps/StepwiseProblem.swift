import Recurrent

/// A check of one direction of one layer: every recorded state against one step of the formula from the
/// recorded past, so that no earlier error leaks in ("teacher forcing").
struct StepwiseProblem: Sendable {
  var cell: Cell<Double>
  var direction: Direction
  var input: LayerInput
  /// The states to judge. What is not recorded is carried along from the initial state.
  var target: RecordedStates
  /// The states that the steps start from; usually the target itself.
  var previous: RecordedStates
  /// Nil means zeros.
  var initialState: State<Double>?
  var valid: ValidSteps
  /// Which steps to judge.
  var steps: [StepIndex]
  /// How far a conversion may have rounded the cell's parameters.
  var conversion = ConversionRoundoff.none
  /// How far each recorded state may be from the run's because it was printed in decimal; 0 where it was not.
  var printing = 0.0
  /// The states h as the framework returned them in its output, where that is recorded.
  var returned: BatchedSequence<Double>?
  /// The last states as the framework returned them.
  var finalState = ReturnedState()
  /// What a sequence without a valid step has to end with; nil where that is not judged.
  var emptyFinal: EmptyFinal?

  /// The last step of every sequence, in processing order.
  var lastSteps: [StepIndex] {
    (0..<valid.batch).compactMap { b in valid.last(b, direction).map { StepIndex(t: $0, b: b) } }
  }

  /// Whether every step's past is recorded, so that all timesteps are independent.
  var isTeacherForced: Bool { previous.h != nil && (cell.kind != .lstm || previous.c != nil) }
}

extension StepwiseProblem {
  /// The recorded state that step `(t, b)` starts from; nil where it is not recorded.
  func past(_ kind: StateKind, _ step: StepIndex) -> ArraySlice<Double>? {
    guard let sequence = previous[kind] else { return nil }
    if let before = valid.previous(step.t, step.b, direction) {
      return sequence.elements[sequence.range(before, step.b)]
    }
    return initialState?[kind]?.row(step.b) ?? ArraySlice(repeating: 0, count: sequence.features)
  }

  /// The steps whose input and past are finite, so that the formula can be evaluated. Where something is
  /// carried along, what follows a step that is not finite cannot be evaluated either.
  var judgeableSteps: [StepIndex] {
    guard !isTeacherForced else { return steps.filter(hasFinitePremises) }
    let broken = (0..<valid.batch).map { b in
      valid.times(b, direction).firstIndex { !hasFinitePremises(StepIndex(t: $0, b: b)) } ?? Int.max
    }
    return steps.filter { valid.order($0.t, $0.b, direction) < broken[$0.b] }
  }

  private func hasFinitePremises(_ step: StepIndex) -> Bool {
    input.values.elements[input.values.range(step.t, step.b)].allSatisfy(\.isFinite)
      && StateKind.allCases.allSatisfy { past($0, step)?.allSatisfy(\.isFinite) ?? true }
  }
}
