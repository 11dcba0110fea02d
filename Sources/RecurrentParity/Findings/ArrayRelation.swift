/// What makes one array of another, where that accounts for all of their difference.
public enum ArrayRelation: Equatable, Sendable {
  /// `factor · x + offset`
  case affine(factor: Double, offset: Double)
  /// Some elements are zero, and the others `x / (1 − p)`.
  case dropout(probability: Double)
  /// The first axis backwards.
  case reversed
  /// The first axis moved on by so many, zeros where nothing came.
  case shifted(by: Int)
  /// The two halves of the last axis in each other's place.
  case halvesSwapped
  /// The units of the two halves of the last axis by turns.
  case interleaved
  /// The second half of the last axis backwards along the first axis.
  case backwardHalfReversed
  /// Rows of the second axis in another order: row k is that of `order[k]`.
  case reordered([Int])

  /// An identifier, as in reports: `dropout:0.3`.
  public var name: String {
    switch self {
    case .affine(let factor, 0): "scaled:\(factor)"
    case .affine(1, let offset): "offset:\(offset)"
    case .affine(let factor, let offset): "scaled:\(factor),offset:\(offset)"
    case .dropout(let probability): "dropout:\(probability)"
    case .reversed: "reversed"
    case .shifted(let steps): "shifted:\(steps)"
    case .halvesSwapped: "halves-swapped"
    case .interleaved: "interleaved"
    case .backwardHalfReversed: "backward-half-reversed"
    case .reordered(let order): "reordered:" + order.map(String.init).joined(separator: ",")
    }
  }
}
