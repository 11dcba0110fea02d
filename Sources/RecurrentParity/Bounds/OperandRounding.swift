internal import CProductKernels
import Recurrent

/// A rounding of the operands of matrix products, as hardware of lowered precision does it.
struct OperandRounding: Equatable, Sendable {
  let format: FloatFormat
  let rule: FloatingPointRoundingRule
  /// Whether the results that are made of rounded operands alone are rounded too: `AutocastArithmetic`.
  var isAutocast = false
  /// Under autocast, whether the bias of the input's product is added by an operation of its own: PyTorch's `linear`
  /// is one operation only on a contiguous input, which a batch-first one is not.
  var addsInputBiasApart = false

  @inline(__always)
  func callAsFunction(_ x: Double) -> Double { format.round(x, rule) }

  func callAsFunction(_ matrix: Matrix<Double>) -> Matrix<Double> {
    Matrix(rows: matrix.rows, columns: matrix.columns, elements: format.round(matrix.elements, rule))
  }

  /// The exact image of a block: rounding is monotone, so an operand's interval goes to the interval between
  /// its rounded ends.
  func image(of value: Bounded, in set: InstructionSet = best_instruction_set()) -> Bounded {
    var result = value
    guard !value.radius.isNone else {
      result.midpoint = format.round(value.midpoint, rule)
      return result
    }
    let radii = value.radii
    var images = radii
    let isShortened = isShortened(value.midpoint, radii, in: set, to: &result.midpoint, &images)
    for index in radii.indices where !isShortened {
      let (x, radius) = (value.midpoint[index], radii[index])
      let ends = (x - radius, x + radius)
      guard !(isInside(x) && isInside(ends.0) && isInside(ends.1)) else { continue }
      let center = self(x)
      result.midpoint[index] = center
      images[index] = max(self(ends.1) - center, center - self(ends.0))
    }
    result.radius = .each(images)
    return result
  }

  /// Whether the kernel knows what the format makes of a value.
  private func isInside(_ x: Double) -> Bool {
    isShortening && (x == 0 || x.magnitude >= format.smallestNormal && x.magnitude < largestPower)
  }

  /// Whether the format is Float64 without the last bits, between its ends, by a rule that the kernel has.
  private var isShortening: Bool {
    format.significandBits < 53 && (rule == .toNearestOrEven || rule == .towardZero)
  }

  private var largestPower: Double { Double(sign: .plus, exponent: format.maxExponent, significand: 1) }

  /// The image of every interval between the ends of the format; whether all are.
  private func isShortened(
    _ m: [Double], _ r: [Double], in set: InstructionSet, to midpoint: inout [Double],
    _ radius: inout [Double]
  ) -> Bool {
    guard isShortening else { return false }
    return interval_shortening(
      set, rule == .towardZero ? 1 : 0, Int64(53 - format.significandBits), format.smallestNormal,
      largestPower,
      m.count, m, r, &midpoint, &radius) != 0
  }
}
