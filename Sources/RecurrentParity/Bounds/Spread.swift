/// How far each value of a block may lie, or is expected to lie, from its midpoint.
enum Spread: Sendable {
  case none
  /// A multiple of the value's magnitude.
  case relative(Double)
  case each([Double])

  var isNone: Bool { if case .none = self { true } else { false } }

  /// The spread with a constant added for every element.
  func wider(by constant: Double, about midpoint: [Double]) -> Spread {
    .each(values(about: midpoint).map { $0 + constant })
  }

  /// The spread of every element about its midpoint.
  func values(about midpoint: [Double]) -> [Double] {
    switch self {
    case .none: [Double](repeating: 0, count: midpoint.count)
    case .relative(let factor): midpoint.map { factor * $0.magnitude }
    case .each(let values): values
    }
  }

  /// The spread of some columns of a block that is `width` wide.
  func columns(_ range: Range<Int>, of width: Int) -> Spread {
    switch self {
    case .none, .relative: self
    case .each(let values): .each(values.columns(range, of: width))
    }
  }
}
