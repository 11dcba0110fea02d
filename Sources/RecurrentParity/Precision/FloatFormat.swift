/// A binary floating-point format, by its significand and its smallest exponent.
public struct FloatFormat: Equatable, Sendable {
  /// As the file format has it: `float32`.
  public let name: String
  /// p, the implicit bit included.
  public let significandBits: Int
  /// The exponent of the smallest normal number.
  public let minExponent: Int
  /// The exponent of the largest finite number.
  public let maxExponent: Int

  /// IEEE 754 binary64.
  public static let float64 = FloatFormat(
    name: "float64", significandBits: 53, minExponent: -1022, maxExponent: 1023)
  /// IEEE 754 binary32.
  public static let float32 = FloatFormat(
    name: "float32", significandBits: 24, minExponent: -126, maxExponent: 127)
  /// IEEE 754 binary16.
  public static let float16 = FloatFormat(
    name: "float16", significandBits: 11, minExponent: -14, maxExponent: 15)
  /// Google's brain format: binary32 with 8 significant bits.
  public static let bfloat16 = FloatFormat(
    name: "bfloat16", significandBits: 8, minExponent: -126, maxExponent: 127)
  /// The operand format of NVIDIA's TensorFloat-32 matrix products.
  public static let tf32 = FloatFormat(name: "tf32", significandBits: 11, minExponent: -126, maxExponent: 127)

  static let all = [float64, float32, float16, bfloat16, tf32]

  /// u = 2⁻ᵖ, the largest relative error of one rounding to nearest.
  public var unitRoundoff: Double { Double(sign: .plus, exponent: -significandBits, significand: 1) }

  /// η, the smallest normal number: what is lost at most where a result underflows, also in an
  /// implementation that flushes subnormal numbers to zero.
  public var smallestNormal: Double { Double(sign: .plus, exponent: minExponent, significand: 1) }

  /// The largest finite number: beyond it a result is infinite.
  public var largestFinite: Double {
    (2 - Double(sign: .plus, exponent: 1 - significandBits, significand: 1))
      * Double(sign: .plus, exponent: maxExponent, significand: 1)
  }

  /// The distance from a number of that magnitude to the next larger one.
  func spacing(at magnitude: Double) -> Double {
    let exponent = magnitude == 0 ? minExponent : max(Int(magnitude.exponent), minExponent)
    return Double(sign: .plus, exponent: exponent - (significandBits - 1), significand: 1)
  }

  /// The value nearest to `x` by the rule, infinite beyond the format's range.
  @inline(__always)
  public func round(_ x: Double, _ rule: FloatingPointRoundingRule = .toNearestOrEven) -> Double {
    let exponent = Int(x.exponentBitPattern) - 1023
    guard significandBits < 53, exponent >= minExponent, exponent < maxExponent else {
      return roundedAtEnds(x, rule)
    }
    // Between its ends the format is Float64 without the last bits.
    let dropped = UInt64(53 - significandBits)
    let bits = x.bitPattern
    switch rule {
    case .towardZero: return Double(bitPattern: (bits >> dropped) << dropped)
    case .toNearestOrEven:
      // Just below half of a spacing, or half where the last bit that stays is odd: a carry rounds up.
      let half = (1 << (dropped - 1)) - 1 + ((bits >> dropped) & 1)
      return Double(bitPattern: ((bits + half) >> dropped) << dropped)
    default: return roundedAtEnds(x, rule)
    }
  }

  /// Every value, rounded.
  func round(_ values: [Double], _ rule: FloatingPointRoundingRule) -> [Double] {
    // A rule that is known makes a loop without branches of it.
    switch rule {
    case .towardZero: values.map { round($0, .towardZero) }
    case .toNearestOrEven: values.map { round($0, .toNearestOrEven) }
    default: values.map { round($0, rule) }
    }
  }

  /// Any value, also where the format is coarser or ends.
  private func roundedAtEnds(_ x: Double, _ rule: FloatingPointRoundingRule) -> Double {
    guard x.isFinite, x != 0, significandBits != 53 else { return x }
    let spacing = spacing(at: x.magnitude)
    let rounded = (x / spacing).rounded(rule) * spacing
    return Int(rounded.exponent) > maxExponent ? (x < 0 ? -.infinity : .infinity) : rounded
  }

  /// Whether the format holds `x` exactly.
  public func holds(_ x: Double) -> Bool {
    switch significandBits {
    case 53: x == x
    // What hardware can do, it does.
    case 24: Double(Float(x)) == x
    default: round(x) == x
    }
  }

  /// Whether every value of the other format is one of this.
  package func holdsAll(of other: FloatFormat) -> Bool {
    // Subnormal numbers of the other are some of this where its exponents reach as much lower as its bits fewer.
    significandBits >= other.significandBits && maxExponent >= other.maxExponent
      && minExponent - significandBits <= other.minExponent - other.significandBits
  }

  /// Whether the format holds every value exactly; reads no further than the first that it does not hold.
  func holds(all values: [Double]) -> Bool {
    significandBits == 24 ? values.areHeldByFloat : values.allSatisfy(holds)
  }

  /// The same of the finite ones.
  func holds(allFiniteOf values: [Double]) -> Bool { values.allSatisfy { !$0.isFinite || holds($0) } }
}

extension [Double] {
  /// Whether none is infinite or NaN.
  package var areFinite: Bool {
    var carries: UInt64 = 0
    // Where all bits of the exponent are set, one more makes a sign.
    for x in self { carries |= x.magnitude.bitPattern &+ (1 << 52) }
    return carries >> 63 == 0
  }

  /// Whether each is a value of Float32, eight at a time.
  fileprivate var areHeldByFloat: Bool {
    withUnsafeBytes { bytes in
      let wholeBlocks = count - count % 8
      for index in stride(from: 0, to: wholeBlocks, by: 8) {
        let block = bytes.loadUnaligned(fromByteOffset: 8 * index, as: SIMD8<Double>.self)
        guard all(SIMD8<Double>(SIMD8<Float>(block)) .== block) else { return false }
      }
      return self[wholeBlocks...].allSatisfy { Double(Float($0)) == $0 }
    }
  }
}
