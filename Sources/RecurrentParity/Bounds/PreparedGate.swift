import Recurrent

/// A bias of a pre-activation.
struct Bias: Sendable {
  /// `(H)`.
  var values: [Double]
  /// Of its magnitude: how far a conversion may have rounded it. Zero for a cell's own bias.
  var roundoff = 0.0
  /// What the run's own biases have beyond that magnitude; empty for a cell's own bias.
  var excess: [Double] = []
}

/// A gate made ready for one arithmetic.
struct PreparedGate<A: StepArithmetic>: Sendable {
  let kind: GateKind
  let weightIH: A.Weights
  let weightHH: A.Weights
  let biasIH: [Bias]
  let biasHH: [Bias]
  /// `(H)`, and how far the run's may be from it, relative.
  private let peephole: (factors: [Double], roundoff: Double)?

  /// What is worth the thread that makes one of two matrices ready.
  private static var manyElements: Int { 1 << 15 }

  init(_ kind: GateKind, _ gate: Gate<Double>, conversion: ConversionRoundoff, in arithmetic: A) {
    self.kind = kind
    let ready = { @Sendable (isState: Int) in
      arithmetic.weights(
        isState == 1 ? gate.weightHH : gate.weightIH, of: isState == 1 ? .state : .input,
        roundoff: conversion.weights)
    }
    let isLarge = gate.weightIH.elements.count + gate.weightHH.elements.count > Self.manyElements
    let weights = isLarge ? (0..<2).concurrentMap(ready) : (0..<2).map(ready)
    (weightIH, weightHH) = (weights[0], weights[1])
    peephole = gate.peephole.map { ($0, conversion.weights) }
    biasHH = [gate.biasHH].compactMap { $0 }.map { Bias(values: $0, roundoff: conversion.biases) }
    let zeros = [Double](repeating: 0, count: gate.hiddenSize)
    guard let own = conversion.ownBiases[kind] else {
      biasIH = [gate.biasIH].compactMap { $0 }.map { Bias(values: $0, roundoff: conversion.biases) }
      return
    }
    let magnitudes = zip(gate.biasIH ?? zeros, gate.biasHH ?? zeros).map { $0.magnitude + $1.magnitude }
    biasIH = [
      Bias(
        values: gate.biasIH ?? zeros, roundoff: conversion.biases,
        excess: zip(own, magnitudes).map { max($0 - $1, 0) })
    ]
  }

  /// `W_ih x + b_ih + W_hh h + b_hh` of some units, one inner product; with a peephole, `p ⊙ c` is one more of its terms.
  func sum(
    x: A.Operand, h: A.Operand, seeing c: A.Value? = nil, units: Range<Int>, in arithmetic: A
  ) -> A.Value {
    let addend = c.flatMap { self.peephole(seeing: $0, units: units, in: arithmetic) }
    return arithmetic.sum(
      [(x, weightIH), (h, weightHH)], biases: biasIH + biasHH, addends: addend.map { [$0] } ?? [],
      units: units)
  }

  /// `p ⊙ c` of some units; nil where the gate does not see c.
  func peephole(seeing c: A.Value, units: Range<Int>, in arithmetic: A) -> A.Value? {
    peephole.map { arithmetic.scaled(c, by: Array($0.factors[units]), roundoff: $0.roundoff) }
  }
}
