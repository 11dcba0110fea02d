import Recurrent

/// The operations that a cell's step is made of, on blocks of rows.
///
/// Each cell writes its step once in these terms; the certified bound and the control are two ways to
/// evaluate it.
protocol StepArithmetic: Sendable {
  associatedtype Value: BlockValue
  associatedtype Weights: Sendable

  /// A block of values that the step starts from, `(rows, columns)` row-major.
  func known(_ values: [Double], rows: Int, radius: Spread, scale: Spread) -> Value

  /// Makes a weight matrix `(H, K)` ready for `sum`; a conversion may have rounded it by `roundoff`, relative.
  func weights(_ matrix: Matrix<Double>, roundoff: Double) -> Weights

  /// A pre-activation: *one* inner product over all its terms, biases and further addends included.
  func sum(_ products: [(value: Value, weights: Weights)], biases: [Bias], addends: [Value]) -> Value

  func apply(_ activation: Activation, to value: Value) -> Value

  func product(_ a: Value, _ b: Value) -> Value

  func add(_ a: Value, _ b: Value) -> Value

  /// A GRU's new state, `(1 − z) n + z h` in any published form, or with z and 1 − z exchanged.
  func blend(z: Value, n: Value, h: Value, _ form: GRUBlend) -> Value
}

/// A block of rows of one quantity.
protocol BlockValue: Sendable {
  /// Takes over the rows at which `mask` is true.
  mutating func replaceRows(where mask: [Bool], with other: Self)
}

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
struct GateAnalysis<A: StepArithmetic>: Sendable {
  let weightIH: A.Weights
  let weightHH: A.Weights
  let biasIH: [Bias]
  let biasHH: [Bias]

  init(_ kind: GateKind, _ gate: Gate<Double>, conversion: ConversionRoundoff, in arithmetic: A) {
    weightIH = arithmetic.weights(gate.weightIH, roundoff: conversion.weights)
    weightHH = arithmetic.weights(gate.weightHH, roundoff: conversion.weights)
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

  /// `W_ih x + b_ih + W_hh h + b_hh`, one inner product.
  func sum(x: A.Value, h: A.Value, in arithmetic: A) -> A.Value {
    arithmetic.sum([(x, weightIH), (h, weightHH)], biases: biasIH + biasHH, addends: [])
  }
}
