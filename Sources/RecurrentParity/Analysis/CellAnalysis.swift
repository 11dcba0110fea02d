import Recurrent

/// The step of any cell on blocks.
enum CellAnalysis<A: StepArithmetic>: Sendable {
  case rnn(RNNAnalysis<A>)

  init(_ cell: Cell<Double>, conversion: ConversionRoundoff, in arithmetic: A) {
    switch cell {
    case .rnn(let cell): self = .rnn(RNNAnalysis(cell, conversion: conversion, in: arithmetic))
    }
  }

  func callAsFunction(x: A.Value, h: A.Value) -> A.Value {
    switch self {
    case .rnn(let analysis): analysis.step(x: x, h: h)
    }
  }
}
