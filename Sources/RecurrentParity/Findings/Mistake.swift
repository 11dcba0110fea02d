/// A mistake in a port or a run, relative to what the stored weights and attributes declare.
public struct Mistake: Equatable, Hashable, Sendable {
  public var kind: Kind
  /// What the mistake is about where its kind leaves that open: `zrn@bias` of a gate order, an activation's name.
  public var parameter: String?
  /// What was found of it beside its name, a full sentence without its stop: values that were solved for.
  public var detail: String?

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
    case biasHHIgnored = "bias-hh-ignored"
    case biasIHIgnored = "bias-ih-ignored"
    case biasDoubled = "bias-doubled"
    case forgetBiasAdded = "forget-bias-added"
    case biasesSwapped = "biases-swapped"
    case recurrentBiasMerged = "recurrent-bias-merged"
    case recurrentWeightsTransposed = "recurrent-weights-transposed"
    case inputWeightsTransposed = "input-weights-transposed"
    case weightsSwapped = "weights-swapped"
    case directionsSwapped = "directions-swapped"
    case resetBefore = "reset-before"
    case resetAfter = "reset-after"
    case updateGateInverted = "update-gate-inverted"
    case activation = "activation"
    case recurrentActivation = "recurrent-activation"
    case outputActivation = "output-activation"
    case proposalActivation = "proposal-activation"
    case fastActivations = "fast-activations"
    case gateBiasLost = "gate-bias-lost"
    case gateRecurrentBiasLost = "gate-recurrent-bias-lost"
    case gateInputWeightsLost = "gate-input-weights-lost"
    case gateRecurrentWeightsLost = "gate-recurrent-weights-lost"
    case forgetGateCoupled = "forget-gate-coupled"
    case inputGateCoupled = "input-gate-coupled"
    case inputForgetIgnored = "input-forget-ignored"
    case clipIgnored = "clip-ignored"
    case clip = "clip"
    case clipOfOutput = "clip-of-output"
    case cellClip = "cell-clip"
    case peepholesIgnored = "peepholes-ignored"
    case peepholesReordered = "peepholes-reordered"
    case peepholesAfterActivation = "peepholes-after-activation"
    case peepholesUndeclared = "peepholes-undeclared"
    case zoneout = "zoneout"
    case weightsRounded = "weights-rounded"
    case parametersRounded = "parameters-rounded"
    case parametersPrinted = "parameters-printed"
    case statesPrinted = "states-printed"
    case initialStateIgnored = "initial-state-ignored"
    case initialStateDirectionSwapped = "initial-state-direction-swapped"
    case initialStateLayerSwapped = "initial-state-layer-swapped"
    case initialStatesExchanged = "initial-states-exchanged"
    case initialStateRows = "initial-state-rows"
    case initialStateLayout = "initial-state-layout"
    case initialStateOther = "initial-state-other"
    case stateNotCarried = "state-not-carried"
    case stateReset = "state-reset"
    case firstRecurrentBiasIgnored = "first-recurrent-bias-ignored"
    case stateCarriedFrom = "state-carried-from"
    case staleBuffer = "stale-buffer"
    case recurrentDropout = "recurrent-dropout"
    case weightsOf = "weights-of"
    case gateBlocksCut = "gate-blocks-cut"
    case inputTimeShifted = "input-time-shifted"
    case inputTimeReversed = "input-time-reversed"
    case inputAxesExchanged = "input-axes-exchanged"
    case inputRows = "input-rows"
    case inputOf = "input-of"
    case inputHalvesSwapped = "input-halves-swapped"
    case layerInputHalf = "layer-input-half"
    case inputHalvesInterleaved = "input-halves-interleaved"
    case inputBackwardNotReversed = "input-backward-not-reversed"
    case inputScaled = "input-scaled"
    case inputOffset = "input-offset"
    case inputDropout = "input-dropout"
    case backwardNotReversed = "backward-not-reversed"
    case unitsPermuted = "units-permuted"
    case unitsInterleaved = "units-interleaved"
    case outputAxesExchanged = "output-axes-exchanged"
    case ranAlongBatch = "ran-along-batch"
    case finalStateOf = "final-state-of"
    case lengthsIgnored = "lengths-ignored"
    case stepsPassedOver = "steps-passed-over"
    case paddingAtOtherEnd = "padding-at-other-end"
    case gateOrder = "gate-order"
    case mergeMode = "merge-mode"
  }
}
