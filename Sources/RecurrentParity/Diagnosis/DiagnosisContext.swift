import Recurrent

/// What a problem stands in, as far as hypotheses need to know.
struct DiagnosisContext: Sendable {
  let problem: StepwiseProblem
  let place: FindingPlace
  /// The order in which the gates are packed where the parameters come from, and their letters there.
  let gateOrder: [(kind: GateKind, letter: String)]
  /// The same layer's other direction.
  let otherPass: (cell: Cell<Double>, initialState: State<Double>?)?
  /// The same direction's initial states in other layers, where their shape is the same.
  let otherLayersStates: [State<Double>]
  /// The width of the forward half of the input, where the layer below is a concatenation.
  let forwardWidth: Int?
}
