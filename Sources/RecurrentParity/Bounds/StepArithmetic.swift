import Recurrent

/// The operations that a cell's step is made of, on blocks of rows.
///
/// Each cell writes its step once in these terms; the certified bound and the control are two ways to
/// evaluate it.
protocol StepArithmetic: Sendable {
  associatedtype Value: BlockValue
  associatedtype Operand: Sendable
  associatedtype Weights: Sendable

  /// A block of values that the step starts from, `(rows, columns)` row-major.
  func known(_ values: [Double], rows: Int, radius: Spread, scale: Spread) -> Value

  /// Makes a block `(rows, K)` ready to be multiplied with weights.
  func operand(_ value: Value) -> Operand

  /// Makes a weight matrix `(H, K)` ready for `sum`; a conversion may have rounded it by `roundoff`, relative.
  func weights(_ matrix: Matrix<Double>, of operand: GateOperand, roundoff: Double) -> Weights

  /// A pre-activation: *one* inner product over all its terms, biases and further addends included.
  ///
  /// - Parameters:
  ///   - units: those to compute, from the beginning of a `UnitBlocks` block.
  ///   - addends: `(rows, units.count)`.
  func sum(
    _ products: [(operand: Operand, weights: Weights)], biases: [Bias], addends: [Value], units: Range<Int>
  ) -> Value

  func apply(_ activation: Activation, to value: Value) -> Value

  func product(_ a: Value, _ b: Value) -> Value

  func add(_ a: Value, _ b: Value) -> Value

  /// Each column by its own factor, which a conversion may have rounded by `roundoff`, relative.
  func scaled(_ value: Value, by factors: [Double], roundoff: Double) -> Value

  /// `1 − a`.
  func complement(_ a: Value) -> Value

  /// `max(−limit, min(limit, a))`.
  func clipped(_ a: Value, to limit: Double) -> Value

  /// A GRU's new state, `(1 − z) n + z h` in any published form, or with z and 1 − z exchanged.
  func blend(z: Value, n: Value, h: Value, _ form: GRUBlend) -> Value
}

extension StepArithmetic {
  /// Where there is no limit, nothing is clipped.
  func clipped(_ a: Value, to limit: Double?) -> Value {
    guard let limit else { return a }
    return clipped(a, to: limit)
  }

  /// `p · old + (1 − p) · next`. It is a GRU's blend with a constant update gate, so what bounds that bounds this, in
  /// whatever form a run wrote it: the constant is off by the one rounding that `scaled` allows it where the format does
  /// not hold it. Without a share p nothing is rounded.
  func zoned(_ next: Value, by p: Double, from old: @autoclosure () -> Value) -> Value {
    guard p != 0, next.rows > 0 else { return next }
    let ones = known(
      [Double](repeating: 1, count: next.rows * next.columns), rows: next.rows, radius: .none, scale: .none)
    let share = scaled(ones, by: [Double](repeating: p, count: next.columns), roundoff: 0)
    return blend(z: share, n: next, h: old(), .updateKeeps)
  }
}

/// A block of rows of one quantity.
protocol BlockValue: Sendable {
  /// Takes over the rows at which `mask` is true.
  mutating func replaceRows(where mask: [Bool], with other: Self)

  var rows: Int { get }
  var columns: Int { get }

  /// Some of its columns.
  func columns(_ range: Range<Int>) -> Self

  /// Blocks of the same rows side by side.
  init(joining parts: [Self])
}

/// What a weight matrix is multiplied with.
enum GateOperand: Sendable {
  case input
  /// The state, or what is made of it.
  case state
}
