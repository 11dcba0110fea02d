import Recurrent

/// The plain cell's step on blocks, `h_t = f(W_ih x_t + W_hh h_{t−1} + biases)`.
struct RNNAnalysis<A: StepArithmetic>: Sendable {
  private let arithmetic: A
  private let activation: Activation
  private let weightIH: A.Weights
  private let weightHH: A.Weights
  private let biases: [Bias]

  init(_ cell: RNNCell<Double>, conversion: ConversionRoundoff, in arithmetic: A) {
    self.arithmetic = arithmetic
    activation = cell.activation
    weightIH = arithmetic.weights(cell.gate.weightIH, roundoff: conversion.weights)
    weightHH = arithmetic.weights(cell.gate.weightHH, roundoff: conversion.weights)
    biases = [cell.gate.biasIH, cell.gate.biasHH].compactMap { $0 }.map {
      Bias(values: $0, roundoff: conversion.biases)
    }
  }

  func step(x: A.Value, h: A.Value) -> A.Value {
    arithmetic.apply(activation, to: arithmetic.sum([(x, weightIH), (h, weightHH)], biases: biases))
  }
}
