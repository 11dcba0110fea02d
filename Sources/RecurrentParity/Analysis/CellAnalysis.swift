import Recurrent

/// The step of any cell on blocks.
enum CellAnalysis<A: StepArithmetic>: Sendable {
  case rnn(RNNAnalysis<A>)
  case gru(GRUAnalysis<A>)
  case lstm(LSTMAnalysis<A>)

  init(_ cell: Cell<Double>, conversion: ConversionRoundoff, in arithmetic: A) {
    switch cell {
    case .rnn(let cell): self = .rnn(RNNAnalysis(cell, conversion: conversion, in: arithmetic))
    case .gru(let cell): self = .gru(GRUAnalysis(cell, conversion: conversion, in: arithmetic))
    case .lstm(let cell): self = .lstm(LSTMAnalysis(cell, conversion: conversion, in: arithmetic))
    }
  }

  /// - Parameter c: an LSTM's; others have none.
  func callAsFunction(x: A.Value, h: A.Value, c: A.Value?) -> (h: A.Value, c: A.Value?) {
    switch (self, c) {
    case (.rnn(let analysis), _): return (analysis.step(x: x, h: h), nil)
    case (.gru(let analysis), _): return (analysis.step(x: x, h: h), nil)
    case (.lstm(let analysis), .some(let c)):
      let (h, c) = analysis.step(x: x, h: h, c: c)
      return (h, c)
    case (.lstm, nil): preconditionFailure("an LSTM's step starts from h and c")
    }
  }
}
