import Recurrent
import RecurrentConventions
import RecurrentParity

/// How far the values of two files are the same.
public enum Agreement: String, Codable, Comparable, Sendable {
  /// Bit by bit, in whatever layout.
  case exact
  /// As far as a conversion rounds: a sum of two biases, or a format of fewer digits.
  case rounded
  case different

  public static func < (a: Agreement, b: Agreement) -> Bool { a.rank < b.rank }

  private var rank: Int {
    switch self {
    case .exact: 0
    case .rounded: 1
    case .different: 2
    }
  }
}

/// One parameter of two cells: of one gate, where it is a gate's.
public struct ComparedParameter: Equatable, Sendable {
  /// In PyTorch's words: "weight_ih", "weight_hh", "bias", where only the sum of two matters, "bias_ih", "bias_hh",
  /// "peephole", "weight_hr".
  public var name: String
  /// Nil of the projection.
  public var gate: GateKind?
  public var agreement: Agreement
  public var count: Int
  /// How many elements differ by more than a conversion rounds.
  public var differing: Int
  /// The element that is furthest off, beyond its bound where any is: its place in PyTorch's layout, and both values.
  public var worst: Worst?

  public struct Worst: Equatable, Sendable {
    public var place: [Int]
    public var first: Double
    public var second: Double
    /// What a conversion may have rounded it by.
    public var bound: Double
  }
}

/// What makes the second cell of the first, where they differ.
public enum CellRelation: Equatable, Sendable {
  /// For each gate of the first, in the order of its convention, which gate of the second has its parameters.
  case gatesPermuted([(GateKind, GateKind)])
  case recurrentTransposed
  case inputTransposed
  /// The numbers of a matrix were taken in the order in which they lie, in another shape.
  case reshaped
  case biasesSwapped
  case biasHHLost
  case biasLost
  /// The forward direction of the one is the backward of the other.
  case directionsSwapped
  indirect case both(CellRelation, CellRelation)

  public static func == (a: CellRelation, b: CellRelation) -> Bool {
    switch (a, b) {
    case (.gatesPermuted(let x), .gatesPermuted(let y)):
      x.count == y.count && zip(x, y).allSatisfy { $0.0 == $1.0 && $0.1 == $1.1 }
    case (.both(let p, let q), .both(let r, let s)): p == r && q == s
    case (.recurrentTransposed, .recurrentTransposed), (.inputTransposed, .inputTransposed),
      (.reshaped, .reshaped), (.biasesSwapped, .biasesSwapped), (.biasHHLost, .biasHHLost),
      (.biasLost, .biasLost),
      (.directionsSwapped, .directionsSwapped):
      true
    default: false
    }
  }
}

/// One direction of two layers.
public struct ComparedPass: Equatable, Sendable {
  /// Nil where neither file says it.
  public var direction: Direction?
  public var parameters: [ComparedParameter]
  /// The formats that the values are stored in, where they are two: the finer ones are then rounded to the coarser.
  public var formats: (first: String, second: String)?
  /// Where they differ and something explains all of it.
  public var relation: CellRelation?

  public var agreement: Agreement { parameters.map(\.agreement).max() ?? .exact }

  public static func == (a: ComparedPass, b: ComparedPass) -> Bool {
    a.direction == b.direction && a.parameters == b.parameters && a.relation == b.relation
      && a.formats?.first == b.formats?.first && a.formats?.second == b.formats?.second
  }
}

/// An option that two files say otherwise, or only one of them says.
public struct ComparedOption: Equatable, Sendable {
  public var name: String
  /// Nil where the file does not say.
  public var first: String?
  public var second: String?
}

/// Two layers that are taken for one.
public struct ComparedLayer: Equatable, Sendable {
  public enum Pairing: String, Codable, Sendable {
    case name
    /// No other layer of either file has their cell and sizes.
    case shape
    /// Of those with their cell and sizes they hold the same values.
    case values
    /// The first of those that are left, in the order of the files.
    case order
  }

  public var first: String
  public var second: String
  public var pairing: Pairing
  public var passes: [ComparedPass]
  /// Those that both say, and otherwise.
  public var contradictions: [ComparedOption]
  /// Those that one of the two does not say.
  public var unsaid: [ComparedOption]

  public var agreement: Agreement {
    contradictions.isEmpty ? passes.map(\.agreement).max() ?? .exact : .different
  }
}

/// Two arrays that are no recurrent layer's.
public struct ComparedTensor: Equatable, Sendable {
  public var first: String
  public var second: String
  public var isTransposed: Bool
  public var agreement: Agreement
  /// The largest difference of two elements.
  public var difference: Double
}

/// Whether two weight files hold the same network.
public struct NetworkComparison: Equatable, Sendable {
  public var first: String
  public var second: String
  public var layers: [ComparedLayer]
  /// Layers without a partner.
  public var onlyInFirst: [String]
  public var onlyInSecond: [String]
  public var others: [ComparedTensor]
  /// Arrays that are no recurrent layer's, and of which the other file has none of that name or those values: they are not
  /// compared.
  public var otherOnlyInFirst: [String]
  public var otherOnlyInSecond: [String]

  public var agreement: Agreement {
    guard onlyInFirst.isEmpty, onlyInSecond.isEmpty else { return .different }
    return (layers.map(\.agreement) + others.map(\.agreement)).max() ?? .exact
  }
}
