import Recurrent

/// Something that a run may have done, relative to what its stored weights and attributes declare.
struct Hypothesis: Sendable {
  /// As in reports: "bias-hh-ignored", "gate-order:zrn@bias".
  let name: String
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

/// What a problem stands in, as far as hypotheses need to know.
struct DiagnosisContext: Sendable {
  let problem: StepwiseProblem
  /// What a finding is said of: "layer 1, backward: the run".
  let subject: String
  /// Whether the states are judged by another reference's parameters.
  let isPort: Bool
  /// The order in which the gates are packed where the parameters come from, and their letters there.
  let gateOrder: [(kind: GateKind, letter: String)]
  /// The same layer's other direction.
  let otherPass: (cell: Cell<Double>, initialState: State<Double>?)?
  /// The same direction's initial states in other layers, where their shape is the same.
  let otherLayersStates: [State<Double>]
  /// The width of the forward half of the input, where the layer below is a concatenation.
  let forwardWidth: Int?
}
