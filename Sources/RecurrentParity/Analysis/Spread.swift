/// How far each value of a block may lie, or is expected to lie, from its midpoint.
enum Spread: Sendable {
  case none
  /// A multiple of the value's magnitude.
  case relative(Double)
  case each([Double])
}

/// A block of rows of one quantity: what it is, how far off it can be, and how far off it is expected to be.
struct Bounded: Sendable {
  let rows: Int
  let columns: Int
  /// Row-major.
  var midpoint: [Double]
  /// No honest evaluation lies further from the midpoint.
  var radius: Spread
  /// The expected distance of an honest evaluation.
  var scale: Spread
}
