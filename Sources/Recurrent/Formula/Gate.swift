/// The canonical parameters of one gate: what every framework's packing says, once unpacked.
///
/// A one-bias convention keeps its only bias in `biasIH`.
public struct Gate<S: Scalar>: Equatable, Sendable {
  /// `(H, I)`, applied to the input.
  public var weightIH: Matrix<S>
  /// `(H, H)`, or `(H, P)` where the state is projected, applied to the previous state.
  public var weightHH: Matrix<S>
  /// `(H)`, or nil where the model has none.
  public var biasIH: [S]?
  /// `(H)`, or nil where the model has none.
  public var biasHH: [S]?
  /// `(H)`, applied to an LSTM's c element by element; nil where the gate does not see c.
  public var peephole: [S]?

  /// A gate of `weightIH (H, I)`, `weightHH (H, S)`, biases `(H)` or none, and a peephole `(H)` or none, where S is the
  /// size of h.
  ///
  /// - Precondition: all have H rows or values; so they must when they are changed.
  public init(
    weightIH: Matrix<S>, weightHH: Matrix<S>, biasIH: [S]?, biasHH: [S]?, peephole: [S]? = nil
  ) {
    precondition(weightIH.rows == weightHH.rows)
    precondition(biasIH.map { $0.count == weightIH.rows } ?? true)
    precondition(biasHH.map { $0.count == weightIH.rows } ?? true)
    precondition(peephole.map { $0.count == weightIH.rows } ?? true)
    self.weightIH = weightIH
    self.weightHH = weightHH
    self.biasIH = biasIH
    self.biasHH = biasHH
    self.peephole = peephole
  }

  /// `x W_ihᵀ + b_ih`
  func input(_ x: Matrix<S>) -> Matrix<S> { x * weightIH.T + biasIH }

  /// `h W_hhᵀ + b_hh`
  func recurrent(_ h: Matrix<S>) -> Matrix<S> { h * weightHH.T + biasHH }

  /// H
  public var hiddenSize: Int { weightIH.rows }
  /// I
  public var inputSize: Int { weightIH.columns }

  /// How many numbers its weights, biases and peephole are.
  public var parameterCount: Int {
    weightIH.elements.count + weightHH.elements.count + (biasIH?.count ?? 0) + (biasHH?.count ?? 0)
      + (peephole?.count ?? 0)
  }

  /// The same gate in another scalar type, each value rounded to nearest.
  public func converted<T: Scalar>(to type: T.Type) -> Gate<T> {
    func vector(_ values: [S]?) -> [T]? { values.map { T.rounded(S.widened($0)) } }
    return Gate<T>(
      weightIH: weightIH.converted(to: type), weightHH: weightHH.converted(to: type),
      biasIH: vector(biasIH), biasHH: vector(biasHH), peephole: vector(peephole))
  }
}

/// The gates of all cells, by what they do.
public enum GateKind: String, Sendable {
  /// The only one of a plain cell.
  case hidden = ""
  /// GRU
  case reset = "r"
  /// z of a GRU.
  case update = "z"
  /// n of a GRU, in Keras h.
  case new = "n"
  /// LSTM
  case input = "i"
  /// f of an LSTM.
  case forget = "f"
  /// g of an LSTM, in Keras c.
  case cell = "g"
  /// o of an LSTM.
  case output = "o"
}
