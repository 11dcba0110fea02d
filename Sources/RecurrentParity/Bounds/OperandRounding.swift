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
    let kernel = Shortening(format, rule)
    if let kernel, kernel.image(value.midpoint, radii, in: set, &result.midpoint, &images) {
      result.radius = .each(images)
      return result
    }
    for index in radii.indices {
      let (x, radius) = (value.midpoint[index], radii[index])
      let (low, high) = (x - radius, x + radius)
      if let kernel, kernel.covers(x), kernel.covers(low), kernel.covers(high) { continue }
      let center = self(x)
      result.midpoint[index] = center
      images[index] = max(self(high) - center, center - self(low))
    }
    result.radius = .each(images)
    return result
  }
}

/// A rounding that drops the last bits of a Float64, as every coarser format does between its ends.
private struct Shortening {
  private let truncates: Int32
  private let droppedBits: Int64
  /// The ends: the smallest normal number, and the largest power of two.
  private let least: Double
  private let most: Double

  /// Nil where the kernel does not have the rule.
  init?(_ format: FloatFormat, _ rule: FloatingPointRoundingRule) {
    guard format.significandBits < 53, rule == .toNearestOrEven || rule == .towardZero else { return nil }
    truncates = rule == .towardZero ? 1 : 0
    droppedBits = Int64(53 - format.significandBits)
    least = format.smallestNormal
    most = Double(sign: .plus, exponent: format.maxExponent, significand: 1)
  }

  @inline(__always)
  func covers(_ x: Double) -> Bool { x == 0 || x.magnitude >= least && x.magnitude < most }

  /// Writes the image of every interval that is covered; whether all are.
  func image(
    _ m: [Double], _ r: [Double], in set: InstructionSet, _ midpoint: inout [Double], _ radius: inout [Double]
  ) -> Bool {
    interval_shortening(set, truncates, droppedBits, least, most, m.count, m, r, &midpoint, &radius) != 0
  }
}
