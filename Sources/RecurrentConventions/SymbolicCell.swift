import Recurrent

/// A cell whose sizes can be told from the shapes of its weights, to write shapes in letters.
enum SymbolicCell {
  private static let (input, hidden, projection) = (7, 11, 5)

  /// "3H"; a number that is no size of the cell as it is.
  static func size(_ size: Int) -> String {
    switch size {
    case input: "I"
    case hidden: "H"
    case projection: "P"
    case let size where size % hidden == 0: "\(size / hidden)H"
    default: "\(size)"
    }
  }

  /// A cell of two biases a gate, no two numbers alike in what may be confused.
  static func cell(_ kind: CellKind, with feature: CellFeature? = nil) -> Cell<Double> {
    let state = feature == .projection ? projection : hidden
    func gate(_ number: Double, peephole: Bool = false) -> Gate<Double> {
      let base = Double(number) * 100
      let vector = { (offset: Double) in (0..<hidden).map { base + offset + Double($0) } }
      return Gate(
        weightIH: Matrix(rows: hidden, columns: input, elements: .init(repeating: 1, count: hidden * input)),
        weightHH: Matrix(rows: hidden, columns: state, elements: .init(repeating: 2, count: hidden * state)),
        biasIH: vector(20), biasHH: vector(40),
        peephole: peephole && feature == .peepholes ? vector(60) : nil)
    }
    switch kind {
    case .rnn: return .rnn(RNNCell(gate: gate(1), activation: .tanh, formula: .twoBias))
    case .gru:
      return .gru(
        GRUCell(
          reset: gate(1), update: gate(2), new: gate(3), resetAfter: feature != .resetBefore,
          formula: .twoBias))
    case .lstm:
      return .lstm(
        LSTMCell(
          input: gate(1, peephole: true), forget: gate(2, peephole: true), cell: gate(3),
          output: gate(4, peephole: true),
          weightHR: feature == .projection
            ? Matrix(rows: state, columns: hidden, elements: .init(repeating: 3, count: state * hidden))
            : nil,
          formula: .twoBias))
    }
  }
}
