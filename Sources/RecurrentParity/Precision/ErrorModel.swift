/// What one operation of a run may be off by: the constants of the certified bound.
///
/// Sources: Jeannerod & Rump, "Improved error bounds for inner products in floating-point arithmetic",
/// SIAM J. Matrix Anal. Appl. 34 (2013), for `N · u` without higher-order terms in any summation order;
/// Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., ch. 3.
struct ErrorModel: Equatable, Sendable {
  var format: FloatFormat
  /// Of `S`, for each term of an inner product.
  var termRoundoff: Double
  /// Of `S`, once for each inner product: below Float32, up to four partial results are rounded.
  var partialRoundoff: Double
  /// Of the result of every other operation.
  var operationRoundoff: Double
  /// Of `max(|f|, ¼)`: how far the framework's activation may be off, `A · u`.
  ///
  /// A = 16 is an assumption about the frameworks, not a theorem. Measured over ±100: TensorFlow's tanh 5.6 u,
  /// ONNX Runtime's tanh 5.2 u, every sigmoid 2.6 u absolute.
  var activationRoundoff: Double
  /// Of a recorded previous state, which may itself be rounded from a wider one.
  var recordedRoundoff: Double
  /// Of an operand that the format does not hold: the framework rounded it before use, or did not.
  var operandRoundoff: Double
  /// u of the expected scale σ.
  var scaleRoundoff: Double
  /// η of the format.
  var underflow: Double
  /// η of the format that products are summed in.
  var termUnderflow: Double
  /// Whether this arithmetic is as fine as the checker's own, which then works with compensated sums.
  var isCompensated: Bool
  /// 2⁻⁵³, the checker's own unit roundoff.
  var checkerRoundoff: Double

  static let activationAllowance = 16.0

  /// The worst systematic error of an honest activation, in `u · max(|f|, ¼)`, divided by the factor 4 that
  /// separates a control from its threshold: 4 · 1.5 covers TensorFlow's tanh at 5.6.
  static let systematicActivation = 1.5

  init(_ format: FloatFormat) {
    let u = format.unitRoundoff
    let accumulates = min(u, FloatFormat.float32.unitRoundoff)
    self.format = format
    termRoundoff = accumulates
    partialRoundoff = accumulates < u ? 4 * u : 0
    operationRoundoff = u
    activationRoundoff = Self.activationAllowance * u
    recordedRoundoff = u
    operandRoundoff = u
    scaleRoundoff = u
    underflow = format.smallestNormal
    termUnderflow = min(underflow, FloatFormat.float32.smallestNormal)
    isCompensated = format == .float64
    checkerRoundoff = FloatFormat.float64.unitRoundoff
  }

  /// What flushing a value in `[m − r, m + r]` to zero may lose: nothing where no value in it is subnormal.
  ///
  /// Hardware that flushes does so to the operands of an operation as well as to its result.
  func lostByFlushing(_ m: Double, radius r: Double) -> Double {
    let largest = m.magnitude + r
    guard largest > 0, m.magnitude - r < underflow else { return 0 }
    return min(largest, underflow)
  }

  /// The radius, or NaN where a value within it leaves the range of the format: what the run then goes on with is
  /// infinite or not, by the order of its operations, and nothing can be said of it.
  func withinRange(_ m: Double, radius r: Double) -> Double {
    m.magnitude + r <= format.largestFinite ? r : .nan
  }

  /// An arithmetic without error but for its activations: its radius is what an activation library that is
  /// off in the same direction everywhere does to the result.
  var systematicActivationOnly: ErrorModel {
    var only = self
    only.termRoundoff = 0
    only.partialRoundoff = 0
    only.operationRoundoff = 0
    only.activationRoundoff = Self.systematicActivation * format.unitRoundoff
    only.recordedRoundoff = 0
    only.operandRoundoff = 0
    only.underflow = 0
    only.termUnderflow = 0
    only.checkerRoundoff = 0
    return only
  }
}
