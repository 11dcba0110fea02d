import Recurrent

/// A single parameter that accounts for every recorded state of a pass, if it had another value than the declared.
public struct WrongParameter: Equatable, Sendable {
  /// What the parameter is multiplied with.
  public enum Term: Equatable, Sendable {
    /// An input, by its number: an element of `weight_ih`.
    case input(Int)
    /// A unit of h, by its number: an element of `weight_hh`.
    case state(Int)
    /// Nothing: a bias.
    case bias
    /// A reset-after GRU's `b_hn`, which is no term of the outer sum.
    case recurrentBias
  }

  /// Of which gate.
  public let gate: GateKind
  /// Which row of that gate, from 0.
  public let unit: Int
  /// What it is multiplied with.
  public let term: Term
  /// The value in the file.
  public let declared: Double
  /// The value that the run had, to the accuracy that its rounding leaves.
  public var implied: Double

  /// The canonical parameter, with the gate in PyTorch's letter where the cell has several: `weight_hh[f]`.
  public var name: String {
    let tensor =
      switch term {
      case .input: "weight_ih"
      case .state: "weight_hh"
      case .bias: "bias"
      case .recurrentBias: "bias_hh"
      }
    return gate.rawValue.isEmpty ? tensor : "\(tensor)[\(gate.rawValue)]"
  }

  /// The column of a weight; nil of a bias.
  public var column: Int? {
    switch term {
    case .input(let k), .state(let k): k
    case .bias, .recurrentBias: nil
    }
  }
}
