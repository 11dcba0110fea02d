import Recurrent

/// Values that are the same in every scalar type: multiples of 2⁻²³ between −1 and 1 fit the 24 bits of `Float`.
extension Randomness {
  public mutating func value<S: Scalar>() -> S {
    S(Int.random(in: -(1 << 23)...(1 << 23), using: &self)) / 0x1p23
  }

  public mutating func values<S: Scalar>(_ count: Int) -> [S] { (0..<count).map { _ in value() } }

  public mutating func matrix<S: Scalar>(_ rows: Int, _ columns: Int) -> Matrix<S> {
    Matrix(rows: rows, columns: columns, elements: values(rows * columns))
  }

  public mutating func sequence<S: Scalar>(_ timesteps: Int, _ batch: Int, _ features: Int)
    -> BatchedSequence<S>
  {
    BatchedSequence(
      timesteps: timesteps, batch: batch, features: features, elements: values(timesteps * batch * features))
  }

  /// A plain cell with distinct biases, as many as the formula has.
  public mutating func rnn<S: Scalar>(
    _ formula: BiasFormula, input: Int, hidden: Int, activation: Activation = .tanh
  ) -> RNNCell<S> {
    RNNCell(
      gate: Gate(
        weightIH: matrix(hidden, input), weightHH: matrix(hidden, hidden), biasIH: values(hidden),
        biasHH: formula == .twoBias ? values(hidden) : nil),
      activation: activation, formula: formula)
  }

  /// One direction of a layer, which starts from a random state.
  public mutating func pass<S: Scalar>(
    _ direction: Direction, input: Int, hidden: Int, batch: Int, activation: Activation = .tanh
  ) -> Pass<S> {
    Pass(
      direction: direction,
      cell: .rnn(rnn(.twoBias, input: input, hidden: hidden, activation: activation)),
      initialState: State(h: matrix(batch, hidden)))
  }

  /// A forward and a backward pass.
  public mutating func bidirectional<S: Scalar>(input: Int, hidden: Int, batch: Int) -> Layer<S> {
    Layer(passes: Direction.allCases.map { pass($0, input: input, hidden: hidden, batch: batch) })
  }
}
