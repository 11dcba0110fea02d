import Recurrent
import RecurrentConventions

/// What a flagged pass stands in, as far as hypotheses need to know.
struct DiagnosisContext: Sendable {
  var problem: StepwiseProblem
  let format: FloatFormat
  /// Whose states are judged.
  let reference: Reference
  /// Whose parameters they are judged by: the same reference, or another with its layers in the same order.
  let parameters: Reference
  let layer: Int
  let pass: Int
  /// What the network was fed.
  let networkInput: RecordedSequence
  /// The timesteps at which the declared formula fails; none where that is not known.
  var flagged: Set<Int> = []

  var place: FindingPlace { FindingPlace(layer: layer, direction: problem.direction) }

  /// The order in which the gates are packed where the parameters come from, and their letters there.
  var gateOrder: [(kind: GateKind, letter: String)] {
    let convention = parameters.convention
    return convention.gateOrder(problem.cell.kind).map { ($0, convention.letter($0)) }
  }

  /// The letter of a gate there.
  func letter(of gate: GateKind) -> String { parameters.convention.letter(gate) }

  /// The declared passes of every layer, in the formula of the problem's cell.
  func declared(_ layer: Int, _ pass: Int) -> (cell: Cell<Double>, initialState: State<Double>?) {
    let pass = parameters.layers[layer].passes[pass]
    return (pass.cell.converted(to: problem.cell.formula), pass.initialState)
  }

  /// The same layer's other direction.
  var otherPass: (cell: Cell<Double>, initialState: State<Double>?)? {
    parameters.layers[layer].passes.count == 2 ? declared(layer, 1 - pass) : nil
  }

  /// The layer below, as it was recorded; nil for the first.
  var below: RecordedLayer? { layer > 0 ? reference.layers[layer - 1] : nil }

  /// What the layer was fed, with what stands in the padding; nil where nothing below is recorded.
  var unpaddedInput: RecordedSequence? {
    if let input = reference.layers[layer].input { return input }
    guard let below else { return networkInput }
    return below.output ?? below.mergedStates
  }

  /// The width of the forward half of the input, where the layer below is a concatenation.
  var forwardWidth: Int? {
    guard let below, below.passes.count == 2, below.merge == .concat else { return nil }
    return below.passes[0].cell.stateSize
  }
}
