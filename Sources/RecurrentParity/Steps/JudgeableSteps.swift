import Recurrent

/// Tells window after window which steps can be evaluated: those whose input and past are finite. Where something is
/// carried along, what follows a step that is not finite cannot be evaluated either.
struct JudgeableSteps: Sendable {
  private let problem: StepwiseProblem
  private let chosen: Set<StepIndex>?
  /// Of each sequence, where a state is carried along, whether it no longer can be.
  private var isBroken: [Bool]

  init(_ problem: StepwiseProblem) {
    self.problem = problem
    chosen = problem.chosen.map(Set.init)
    isBroken = problem.isTeacherForced ? [] : [Bool](repeating: false, count: problem.valid.batch)
  }

  /// The chosen steps of a window, in the order of time; of a state that is carried along, windows come in processing
  /// order.
  mutating func split(_ window: ProblemWindow) -> (judged: [StepIndex], unjudgeable: [StepIndex]) {
    let all = window.steps
    var judged: [StepIndex] = []
    var unjudgeable: [StepIndex] = []
    judged.reserveCapacity(all.count)
    let inOrder = Array(zip(all, window.haveFinitePremises(all)))
    for (step, isFinite) in problem.direction == .forward || isBroken.isEmpty ? inOrder : inOrder.reversed() {
      let isFinite = isFinite && (isBroken.isEmpty || !isBroken[step.b])
      if !isBroken.isEmpty, !isFinite { isBroken[step.b] = true }
      guard chosen?.contains(step) ?? true else { continue }
      if isFinite { judged.append(step) } else { unjudgeable.append(step) }
    }
    if problem.direction == .backward, !isBroken.isEmpty {
      judged.sort { ($0.t, $0.b) < ($1.t, $1.b) }
      unjudgeable.sort { ($0.t, $0.b) < ($1.t, $1.b) }
    }
    return (judged, unjudgeable)
  }
}
