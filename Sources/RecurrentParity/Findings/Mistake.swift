/// A mistake in a port or a run, relative to what the stored weights and attributes declare.
public struct Mistake: Equatable, Hashable, Sendable {
  /// What kind of mistake it is.
  public var kind: Kind
  /// What the mistake is about where its kind leaves that open: `zrn@bias` of a gate order, an activation's name.
  public var parameter: String?
  /// What was found of it beside its name, a full sentence without its stop: values that were solved for.
  public var detail: String?

  /// A mistake of that kind, with its parameter where it takes one, and what is said of it beside its name.
  public init(_ kind: Kind, _ parameter: String? = nil, detail: String? = nil) {
    self.kind = kind
    self.parameter = parameter
    self.detail = detail
  }

  /// As in reports: `bias-hh-ignored`, `gate-order:zrn@bias`.
  public var name: String { parameter.map { "\(kind.rawValue):\($0)" } ?? kind.rawValue }

  /// The mistake of that name, as in a report; nil where there is none.
  public init?(named name: String) {
    let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
    guard let kind = parts.first.flatMap(Kind.init(rawValue:)) else { return nil }
    self.init(kind, parts.count == 2 ? parts[1] : nil)
  }

  /// In the order in which they are tried, the simplest first.
  public enum Kind: String, CaseIterable, Sendable {
    /// `bias_hh` was not added.
    case biasHHIgnored = "bias-hh-ignored"
    /// `bias_ih`, or the only bias, was not added.
    case biasIHIgnored = "bias-ih-ignored"
    /// Every bias was added twice.
    case biasDoubled = "bias-doubled"
    /// 1 was added to the forget gate's bias.
    case forgetBiasAdded = "forget-bias-added"
    /// `bias_ih` and `bias_hh` were exchanged.
    case biasesSwapped = "biases-swapped"
    /// `b_hn` was added to `b_in`, outside the product with the reset gate.
    case recurrentBiasMerged = "recurrent-bias-merged"
    /// Each gate's recurrent weights were used transposed.
    case recurrentWeightsTransposed = "recurrent-weights-transposed"
    /// Each gate's input weights were used transposed.
    case inputWeightsTransposed = "input-weights-transposed"
    /// The input and the recurrent weights were exchanged.
    case weightsSwapped = "weights-swapped"
    /// The other direction's weights and biases were used.
    case directionsSwapped = "directions-swapped"
    /// The reset gate was applied before the recurrent product.
    case resetBefore = "reset-before"
    /// The reset gate was applied after the recurrent product.
    case resetAfter = "reset-after"
    /// The update gate took the new state, `z n + (1 − z) h`.
    case updateGateInverted = "update-gate-inverted"
    /// The activation was another: the parameter names it.
    case activation = "activation"
    /// The gates' activation was another: the parameter names it.
    case recurrentActivation = "recurrent-activation"
    /// The activation of c, the f of `o ⊙ f(c)`, was another: the parameter names it.
    case outputActivation = "output-activation"
    /// The activation of g alone was another: the parameter names it.
    case proposalActivation = "proposal-activation"
    /// Every tanh was a rational function that approximates it, and every sigmoid was made of it where the
    /// parameter says so.
    case fastActivations = "fast-activations"
    /// No bias of that gate was added.
    case gateBiasLost = "gate-bias-lost"
    /// `bias_hh` of that gate was not added.
    case gateRecurrentBiasLost = "gate-recurrent-bias-lost"
    /// That gate's input weights were taken for zeros.
    case gateInputWeightsLost = "gate-input-weights-lost"
    /// That gate's recurrent weights were taken for zeros.
    case gateRecurrentWeightsLost = "gate-recurrent-weights-lost"
    /// `f = 1 − i`: a forget gate without weights of its own.
    case forgetGateCoupled = "forget-gate-coupled"
    /// `i = 1 − f`: an input gate without weights of its own.
    case inputGateCoupled = "input-gate-coupled"
    /// `input_forget` was declared, and the run had a forget gate of its own.
    case inputForgetIgnored = "input-forget-ignored"
    /// `clip` was declared, and the run did without it.
    case clipIgnored = "clip-ignored"
    /// The arguments of all activations were clipped to ± limit, fitted.
    case clip = "clip"
    /// The arguments of all activations were clipped to ± limit, c in `o ⊙ f(c)` too; fitted.
    case clipOfOutput = "clip-of-output"
    /// The memory c was clipped to ± limit, fitted.
    case cellClip = "cell-clip"
    /// The gates did not see c.
    case peepholesIgnored = "peepholes-ignored"
    /// The stored blocks of peepholes were used in that order of gates.
    case peepholesReordered = "peepholes-reordered"
    /// The peephole of o, or all, were added to the gate, not to the argument of its activation.
    case peepholesAfterActivation = "peepholes-after-activation"
    /// The gates saw c by peepholes that the file does not have, fitted; before or after the activations.
    case peepholesUndeclared = "peepholes-undeclared"
    /// `h_t = p h_{t−1} + (1 − p) h′`, p fitted; the parameter says where c was kept too.
    case zoneout = "zoneout"
    /// The weights, not the biases, were rounded to that storage format; sums were not.
    case weightsRounded = "weights-rounded"
    /// Weights and biases were rounded to that format.
    case parametersRounded = "parameters-rounded"
    /// Weights and biases were printed with so many decimals, or significant digits.
    case parametersPrinted = "parameters-printed"
    /// Every recorded state was printed with so many decimals, which the file does not declare.
    case statesPrinted = "states-printed"
    /// The pass started from zeros.
    case initialStateIgnored = "initial-state-ignored"
    /// It started from the other direction's initial state.
    case initialStateDirectionSwapped = "initial-state-direction-swapped"
    /// It started from the initial state of that layer, of its own or of the other direction.
    case initialStateLayerSwapped = "initial-state-layer-swapped"
    /// The initial h and c stood in each other's place.
    case initialStatesExchanged = "initial-states-exchanged"
    /// The sequences started from each other's initial states, in the order that is the parameter.
    case initialStateRows = "initial-state-rows"
    /// The initial states were taken from an array of other axes.
    case initialStateLayout = "initial-state-layout"
    /// It started from a state that nothing declares.
    case initialStateOther = "initial-state-other"
    /// `h`, `c` or `h and c` were lost after every step, to the initial state or `(to zeros)`.
    case stateNotCarried = "state-not-carried"
    /// `h`, `c` or both were lost every so many steps.
    case stateReset = "state-reset"
    /// `bias_hh` was not added at the first step.
    case firstRecurrentBiasIgnored = "first-recurrent-bias-ignored"
    /// It started a step from the state of another layer or direction.
    case stateCarriedFrom = "state-carried-from"
    /// It added what a buffer held that was not cleared.
    case staleBuffer = "stale-buffer"
    /// It dropped some of the recurrent weights, the same at every step.
    case recurrentDropout = "recurrent-dropout"
    /// It used the weights and biases of another layer or direction, all or some of them.
    case weightsOf = "weights-of"
    /// The packed gates were cut at multiples of the input's width.
    case gateBlocksCut = "gate-blocks-cut"
    /// It was fed the input of another step: `-1` of one later, `x[t + 1]`.
    case inputTimeShifted = "input-time-shifted"
    /// Each sequence was fed backwards.
    case inputTimeReversed = "input-time-reversed"
    /// Step `t` of sequence `b` was fed `x[b, t]`.
    case inputAxesExchanged = "input-axes-exchanged"
    /// The sequences were fed each other's inputs, in this order.
    case inputRows = "input-rows"
    /// It was fed the network's input (`network`), or what a lower layer returned (`layer K`), in place of
    /// the output of the layer below.
    case inputOf = "input-of"
    /// The two halves of the input were exchanged.
    case inputHalvesSwapped = "input-halves-swapped"
    /// Only the `forward` or the `backward` half of the input was read, the other as zeros.
    case layerInputHalf = "layer-input-half"
    /// The units of the two halves of the input alternated.
    case inputHalvesInterleaved = "input-halves-interleaved"
    /// The backward half of the input stood in processing order.
    case inputBackwardNotReversed = "input-backward-not-reversed"
    /// Every input was multiplied by the factor, found from a few steps.
    case inputScaled = "input-scaled"
    /// The value was added to every input, found from a few steps.
    case inputOffset = "input-offset"
    /// Dropout was on: each input was 0 or divided by `1 − p`.
    case inputDropout = "input-dropout"
    /// The backward states were returned in processing order.
    case backwardNotReversed = "backward-not-reversed"
    /// The units stood in another order.
    case unitsPermuted = "units-permuted"
    /// The units of the two directions alternated in the output.
    case unitsInterleaved = "units-interleaved"
    /// Time and batch were exchanged in what was returned.
    case outputAxesExchanged = "output-axes-exchanged"
    /// The pass ran along the batch.
    case ranAlongBatch = "ran-along-batch"
    /// The returned final state is another recorded one: the parameter says which.
    case finalStateOf = "final-state-of"
    /// The pass ran over the padding.
    case lengthsIgnored = "lengths-ignored"
    /// Nothing was computed at so many steps: the state stayed, or was zero.
    case stepsPassedOver = "steps-passed-over"
    /// As many steps were valid at the other end of each sequence.
    case paddingAtOtherEnd = "padding-at-other-end"
    /// Stored block k was used as gate k of the order that is the parameter, of all parameters or of some.
    case gateOrder = "gate-order"
    /// The two directions were merged otherwise: the parameter says how.
    case mergeMode = "merge-mode"
  }
}
