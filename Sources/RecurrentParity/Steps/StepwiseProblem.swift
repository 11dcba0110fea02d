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
  /// Where the state is lost on the way; nil where it is carried from step to step.
  var carrying: Carrying?
  /// Which steps to judge, in any order; nil for every valid one.
  var chosen: [StepIndex]?
  /// How far a conversion may have rounded the cell's parameters.
  var conversion = ConversionRoundoff.none
  /// How far each recorded state may be from the run's because it was printed in decimal; 0 where it was not.
  var printing = 0.0
  /// The states h as the framework returned them in its output, where that is recorded.
  var returned: RecordedSequence?
  /// The last states as the framework returned them.
  var finalState = ReturnedState()
  /// How many bytes of the pass, and of what is made of it, are in memory at once.
  var windowBytes = SequenceWindows.bytes
  /// What a sequence without a valid step has to end with; nil where that is not judged.
  var emptyFinal: EmptyFinal?

  init(
    cell: Cell<Double>, direction: Direction, input: LayerInput, target: RecordedStates,
    previous: RecordedStates, initialState: State<Double>?, valid: ValidSteps, steps: [StepIndex]? = nil
  ) {
    self.cell = cell
    self.direction = direction
    self.input = input
    self.target = target
    self.previous = previous
    self.initialState = initialState
    self.valid = valid
    chosen = steps
  }

  /// The last step of every sequence, in processing order.
  var lastSteps: [StepIndex] {
    (0..<valid.batch).compactMap { b in valid.last(b, direction).map { StepIndex(t: $0, b: b) } }
  }

  /// Whether every step's past is recorded, so that all timesteps are independent.
  var isTeacherForced: Bool { previous.h != nil && (cell.kind != .lstm || previous.c != nil) }

  /// The rows of which a window has a multiple: an even number of blocks.
  private static let windowRows = 128

  /// How the timesteps are cut for what has to be in memory at once.
  var windows: SequenceWindows {
    let widths = StateKind.allCases.reduce(0) { $0 + (target[$1]?.features ?? cell.stateSize) }
    // Of a step the operands, and of each state bound, scale, residual, midpoint, and what is made of them on the way.
    let bytes = 8 * cell.inputSize + 64 * widths
    return SequenceWindows(
      timesteps: input.values.timesteps, bytesPerTimestep: valid.batch * bytes, bytes: windowBytes,
      granule: max(1, Self.windowRows / max(valid.batch, 1)))
  }
}

extension StepwiseProblem {
  /// The windows in the order in which they are evaluated: where a state is carried along, that of the pass.
  var windowsInOrder: [Range<Int>] { windows.inOrder(isTeacherForced ? .forward : direction) }

  /// The recorded state that step `(t, b)` starts from; nil where it is not recorded.
  func past(_ kind: StateKind, _ step: StepIndex) -> ArraySlice<Double>? {
    guard let sequence = previous[kind] else { return nil }
    if let start = startingRow(kind, step, width: sequence.features) { return start }
    return valid.previous(step.t, step.b, direction).map { sequence.row($0, step.b) }
  }
}
