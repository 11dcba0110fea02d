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
  /// Why the two cannot be the same network, where their structure says so.
  public var structure: String?

  public var verdict: Verdict {
    structure == nil ? passes.map(\.verdict).worst : .mismatch
  }
}

/// One direction of one layer, across two references.
public struct CrossPassJudgement: Sendable {
  public var layer: Int
  public var direction: Direction
  /// The worse of the stepwise judgement and of the parameters.
  public var verdict: Verdict
  public var stepwise: PassJudgement
  /// The two references' states against each other.
  public var maxAbs: Double
  public var maxULP: Int?
  public var firstAboveTolerance: Int?
}

/// A canonical parameter that two references do not share.
public struct ParameterDifference: Equatable, Sendable {
  public var layer: Int
  public var direction: Direction
  public var parameter: String
  /// Largest absolute difference.
  public var maxAbs: Double
  /// What a conversion may have rounded it by, at the element of the largest difference.
  public var bound: Double
}

extension ParityCase {
  /// Judges the states of one reference by the parameters of another.
  func crossJudgement(
    statesOf a: Reference, weightsOf b: Reference, layers: [Int], tolerance: Tolerance?
  ) -> CrossJudgement {
    var judgement = CrossJudgement(
      statesOf: a.name, weightsOf: b.name, parameters: [], passes: [],
      structure: structuralDifference(a, b))
    guard judgement.structure == nil else { return judgement }
    let steps = StepwiseProblem.allSteps(lengths: lengths, timesteps: input.timesteps)
    for layer in layers {
      let differences = a.layers[layer].passes.indices.map { index in
        parameterDifferences(a.layers[layer].passes[index], b.layers[layer].passes[index], layer: layer)
      }
      judgement.parameters += differences.joined()
      let stepwise = a.judgeLayer(
        layer, of: self,
        format: { pass in
          coarser(pass.format, b.layers[layer].passes.first { $0.direction == pass.direction }?.format)
        },
        adjusting: { problem, index in
          let (own, other) = (a.layers[layer].passes[index], b.layers[layer].passes[index])
          let u = coarser(own.format, other.format).unitRoundoff
          problem.cell = other.cell.converted(to: a.convention.formula)
          problem.initialState = other.initialState
          problem.conversion = ConversionRoundoff(
            weights: own.format == other.format ? 0 : u, biases: u)
          // What a returned state contradicts is the run's own affair.
          problem.returned = nil
          problem.finalState = nil
        })
      for (index, stepwise) in stepwise.enumerated() {
        let (own, other) = (a.layers[layer].passes[index], b.layers[layer].passes[index])
        let states = StateDifference(
          own.h, other.h, steps: steps, direction: own.direction, format: coarser(own.format, other.format),
          tolerance: tolerance)
        judgement.passes.append(
          CrossPassJudgement(
            layer: layer, direction: own.direction,
            verdict: differences[index].isEmpty ? stepwise.verdict : max(stepwise.verdict, .mismatch),
            stepwise: stepwise, maxAbs: states.maxAbs, maxULP: states.maxULP,
            firstAboveTolerance: states.firstAboveTolerance))
      }
    }
    return judgement
  }
}

private func coarser(_ a: FloatFormat, _ b: FloatFormat?) -> FloatFormat {
  guard let b else { return a }
  return a.unitRoundoff >= b.unitRoundoff ? a : b
}

/// Why two references cannot hold the same network, or nil where their structures agree.
private func structuralDifference(_ a: Reference, _ b: Reference) -> String? {
  guard a.layers.count == b.layers.count else {
    return "\(a.name) has \(a.layers.count) layers, \(b.name) \(b.layers.count)"
  }
  for (index, (own, other)) in zip(a.layers, b.layers).enumerated() {
    guard own.passes.map(\.direction) == other.passes.map(\.direction) else {
      let directions = [own, other].map { $0.passes.map(\.direction.rawValue).joined(separator: " and ") }
      return "layer \(index) is \(directions[0]) in \(a.name), \(directions[1]) in \(b.name)"
    }
    for (pass, otherPass) in zip(own.passes, other.passes) {
      let sizes = [pass, otherPass].map { "I = \($0.cell.inputSize), H = \($0.cell.hiddenSize)" }
      guard sizes[0] == sizes[1] else {
        return "layer \(index) has \(sizes[0]) in \(a.name), \(sizes[1]) in \(b.name)"
      }
    }
  }
  return nil
}

/// Canonical parameters of two passes, which must be bit-equal except where a converter rounded: a sum of
/// biases, or everything where the two runs differ in precision.
private func parameterDifferences(
  _ a: RecordedPass, _ b: RecordedPass, layer: Int
) -> [ParameterDifference] {
  let format = coarser(a.format, b.format)
  let conversion = a.format == b.format ? 0 : format.unitRoundoff
  var differences: [ParameterDifference] = []

  func compare(_ parameter: String, _ x: [Double], _ y: [Double], roundoff: Double) {
    var worst: (difference: Double, bound: Double)?
    for (x, y) in zip(x, y) {
      let bound = roundoff == 0 ? 0 : roundoff * max(x.magnitude, y.magnitude) + format.smallestNormal
      let difference = (x - y).magnitude
      if !(difference <= bound), difference > worst?.difference ?? -1 { worst = (difference, bound) }
    }
    if let worst {
      differences.append(
        ParameterDifference(
          layer: layer, direction: a.direction, parameter: parameter, maxAbs: worst.difference,
          bound: worst.bound))
    }
  }

  for (own, other) in zip(a.cell.namedGates, b.cell.namedGates) {
    compare(
      "weight_ih" + own.suffix, own.gate.weightIH.elements, other.gate.weightIH.elements, roundoff: conversion
    )
    compare(
      "weight_hh" + own.suffix, own.gate.weightHH.elements, other.gate.weightHH.elements, roundoff: conversion
    )
    compare("bias" + own.suffix, own.gate.totalBias, other.gate.totalBias, roundoff: format.unitRoundoff)
  }
  let zeros = [Double](repeating: 0, count: a.finalStateCount)
  compare(
    "initial_state/h", a.initialState?.elements ?? zeros, b.initialState?.elements ?? zeros,
    roundoff: conversion)
  return differences
}

extension RecordedPass {
  fileprivate var finalStateCount: Int { h.batch * h.features }
}

extension Cell<Double> {
  /// The gates with what follows a parameter's name: "" in a cell of one gate.
  fileprivate var namedGates: [(suffix: String, gate: Gate<Double>)] {
    switch self {
    case .rnn(let cell): [("", cell.gate)]
    }
  }
}

extension Gate<Double> {
  /// `b_ih + b_hh`, zeros where the gate has none.
  fileprivate var totalBias: [Double] {
    let zeros = [Double](repeating: 0, count: hiddenSize)
    return zip(biasIH ?? zeros, biasHH ?? zeros).map(+)
  }
}
