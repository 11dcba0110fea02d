import Recurrent

/// Where a run starts anew instead of carrying its state on.
struct Carrying: Equatable, Sendable {
  let moments: Moments
  /// What is lost then.
  let lost: Set<StateKind>
  /// Whether it starts from zeros then rather than from the initial state.
  let isZeroed: Bool

  enum Moments: Equatable, Sendable {
    /// Every so many steps of a sequence.
    case every(Int)
    /// Before each of these steps.
    case before(Set<StepIndex>)
  }

  /// Whether a state is lost before the step, which so many valid ones precede.
  func loses(_ kind: StateKind, before step: StepIndex, order: Int) -> Bool {
    guard order > 0, lost.contains(kind) else { return false }
    return switch moments {
    case .every(let count): order % count == 0
    case .before(let steps): steps.contains(step)
    }
  }
}

extension Carrying {
  init(every count: Int, lost: Set<StateKind>, isZeroed: Bool) {
    self.init(moments: .every(count), lost: lost, isZeroed: isZeroed)
  }
}

extension StepwiseProblem {
  /// What a step starts from where it is not the state before.
  enum Start {
    case initialState
    case zeros
  }

  /// Whether a state is lost before the step.
  func isLost(_ kind: StateKind, before step: StepIndex) -> Bool {
    carrying?.loses(kind, before: step, order: valid.order(step.t, step.b, direction)) ?? false
  }

  /// Nil where the state is carried from the step before.
  func start(_ kind: StateKind, _ step: StepIndex) -> Start? {
    if valid.previous(step.t, step.b, direction) == nil { return .initialState }
    guard let carrying, isLost(kind, before: step) else { return nil }
    return carrying.isZeroed ? .zeros : .initialState
  }

  /// The row that a step starts from; nil where the state is carried from the step before.
  func startingRow(_ kind: StateKind, _ step: StepIndex, width: Int) -> ArraySlice<Double>? {
    guard let start = start(kind, step) else { return nil }
    let row = start == .initialState ? initialState?[kind]?.row(step.b) : nil
    return row ?? ArraySlice(repeating: 0, count: width)
  }
}
