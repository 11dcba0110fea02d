import Recurrent

/// Something that a run may have done, relative to what its stored weights and attributes declare.
struct Hypothesis: Sendable {
  let mistake: Mistake
  /// What it is about; a pair of hypotheses is about two things.
  let aspect: Aspect
  /// Changes the problem to what the run may have done.
  let apply: @Sendable (inout StepwiseProblem) -> Void

  enum Aspect: Hashable, Sendable {
    case bias
    case inputWeights
    case recurrentWeights
    case gateOrder
    case formula
    case activation
    case recurrentActivation
    case initialState
    case input
    case time
    case precision
  }
}
