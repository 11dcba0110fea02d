import Recurrent
import RecurrentConventions

/// Whether a port carried the network over: one reference's states, judged by another's parameters.
///
/// A wrong port stores its own wrong weights and agrees with itself; only this check sees it.
public struct CrossJudgement: Sendable {
  /// The reference whose recorded states are judged.
  public var statesOf: String
  /// The reference whose parameters they are judged by, converted to the former's convention.
  public var weightsOf: String
  /// Canonical parameters that differ by more than the rounding of a conversion.
  public var parameters: [ParameterDifference]
  /// One entry for each layer and direction, in data-flow order.
  public var passes: [CrossPassJudgement]
  /// Which layers are one.
  public var pairing: LayerPairing
  /// Why the two cannot be the same network, where their structure says so.
  public var structure: StructuralDifference?
  /// What all weights of the two are to each other, where nearly all differ; nil elsewhere.
  var weightRelation: WeightRelation?

  /// The worst of its layers, and of what their structure says.
  public var verdict: Verdict {
    structure == nil ? passes.map(\.verdict).worst : max(.mismatch, passes.map(\.verdict).worst)
  }
}

/// One direction of one layer, across two references.
public struct CrossPassJudgement: Sendable {
  /// The number of the layer whose states are judged, from 0.
  public var layer: Int
  /// Its partner's number in the other reference.
  public var otherLayer: Int
  /// The direction of that layer.
  public var direction: Direction
  /// The worse of the stepwise judgement and of the parameters.
  public var verdict: Verdict
  /// What the states came to by the other's weights.
  public var stepwise: PassJudgement
  /// The two references' states against each other.
  public var maxAbs: Double
  /// The same in units in the last place, over elements of magnitude 0.01 or more; nil where there is none.
  public var maxULP: Int?
  /// The first timestep in processing order above the user's tolerance; nil where there is none.
  public var firstAboveTolerance: Int?
}

extension ParityCase {
  /// Judges the states of one reference by the parameters of another.
  func crossJudgement(
    statesOf a: Reference, weightsOf b: Reference, layers: [Int], _ options: JudgingOptions
  ) -> CrossJudgement {
    let pairing = LayerPairing(a, b)
    var judgement = CrossJudgement(
      statesOf: a.name, weightsOf: b.name, parameters: [], passes: [], pairing: pairing,
      structure: StructuralDifference(a, b, paired: pairing))
    let weights = b.aligned(to: a, by: pairing, in: self)
    let analysis = ReferenceAnalysis(
      parityCase: self, reference: a, parameters: weights, options: options)
    var weightComparisons: [WeightComparison] = []
    for layer in layers {
      guard let partner = pairing.partner(of: layer) else { continue }
      let differences = a.layers[layer].passes.indices.map { index in
        ParameterComparison(a.layers[layer].passes[index], weights.layers[layer].passes[index], layer: layer)
          .differences
      }
      judgement.parameters += differences.joined()
      if judgement.structure == nil, differences.contains(where: { !$0.isEmpty }) {
        weightComparisons += zip(a.layers[layer].passes, weights.layers[layer].passes).map(
          WeightComparison.init)
      }
      for (index, stepwise) in analysis.judgements(layer: layer).enumerated() {
        let (own, other) = (a.layers[layer].passes[index], weights.layers[layer].passes[index])
        let states = StateDifference(
          own.states, other.states, valid: valid(in: a.layers[layer]),
          direction: own.direction,
          format: analysis.format(layer: layer, pass: index), tolerance: options.tolerance)
        judgement.passes.append(
          CrossPassJudgement(
            layer: layer, otherLayer: pairing.partners[layer][index]?.layer ?? partner,
            direction: own.direction,
            verdict: differences[index].isEmpty ? stepwise.verdict : max(stepwise.verdict, .mismatch),
            stepwise: stepwise, maxAbs: states.maxAbs, maxULP: states.maxULP,
            firstAboveTolerance: states.firstAboveTolerance))
      }
    }
    if weightComparisons.count == judgement.passes.count {
      judgement.weightRelation = weightComparisons.relation
    }
    judgement.passes = judgement.passes.decidedFromAbove
    return judgement
  }
}
