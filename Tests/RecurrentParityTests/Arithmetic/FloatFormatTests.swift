import RandomNetworks
import Testing

@testable import RecurrentParity

/// A value and what a format makes of it, to nearest with ties to even unless said otherwise.
struct Rounding: CustomTestStringConvertible, Sendable {
  let format: FloatFormat
  let value: Double
  let rounded: Double
  var rule = FloatingPointRoundingRule.toNearestOrEven

  init(
    _ format: FloatFormat, _ value: Double, _ rounded: Double,
    _ rule: FloatingPointRoundingRule = .toNearestOrEven
  ) {
    (self.format, self.value, self.rounded, self.rule) = (format, value, rounded, rule)
  }

  var testDescription: String { "\(value) in \(format.name)\(rule == .towardZero ? ", truncated" : "")" }

  /// From the formats' definitions: IEEE 754 binary16 and binary32; bfloat16 with 8 significant bits and TF32 with
  /// 11, both with the exponents of binary32.
  static let known = [
    Rounding(.float16, 0.1, 0x1.998p-4),  // 0x2E66
    Rounding(.float16, 1 + 0x1p-11, 1),  // a tie, to even
    Rounding(.float16, 1 + 0x3p-11, 1 + 0x1p-9),  // a tie, to even, upwards
    Rounding(.float16, 1 + 0x1.8p-11, 1 + 0x1p-10),
    Rounding(.float16, 65504, 65504),  // the largest
    Rounding(.float16, 65519.99, 65504),
    Rounding(.float16, 65520, .infinity),
    Rounding(.float16, -1e300, -.infinity),
    Rounding(.float16, 0x1p-14, 0x1p-14),  // the smallest normal
    Rounding(.float16, 0x1.002p-14, 0x1p-14),  // a tie between subnormal neighbours' spacings: 2⁻²⁴
    Rounding(.float16, 0x1p-24, 0x1p-24),  // the smallest subnormal
    Rounding(.float16, 0x1p-25, 0),  // a tie with zero
    Rounding(.float16, 0x1.8p-25, 0x1p-24),
    Rounding(.float16, 0x3p-25, 0x1p-23),  // a tie between 1 and 2 smallest, to even
    Rounding(.float16, -0x3p-25, -0x1p-23),

    Rounding(.bfloat16, 0.1, 0x1.9ap-4),  // 0x3DCD
    Rounding(.bfloat16, 1 + 0x1p-8, 1),
    Rounding(.bfloat16, 1 + 0x3p-8, 1 + 0x1p-6),
    Rounding(.bfloat16, 0x1.FEp127, 0x1.FEp127),
    Rounding(.bfloat16, 0x1.FEFp127, 0x1.FEp127),
    Rounding(.bfloat16, 0x1.FFp127, .infinity),
    Rounding(.bfloat16, 0x1p-133, 0x1p-133),  // the smallest subnormal
    Rounding(.bfloat16, 0x1p-134, 0),
    Rounding(.bfloat16, 1 + 0x1.Fp-8, 1, .towardZero),
    Rounding(.bfloat16, -1 - 0x1.Fp-8, -1, .towardZero),
    Rounding(.bfloat16, 1 + 0x1p-7, 1 + 0x1p-7, .towardZero),

    Rounding(.tf32, 0.1, 0x1.998p-4),
    Rounding(.tf32, 1 + 0x1p-11, 1),
    Rounding(.tf32, 1 + 0x3p-11, 1 + 0x1p-9),
    Rounding(.tf32, 1e30, 0x1.94p99),  // beyond float16
    Rounding(.tf32, 0x1.FFCp127, 0x1.FFCp127),
    Rounding(.tf32, 0x1.FFEp127, .infinity),
    Rounding(.tf32, 0x1p-136, 0x1p-136),
    Rounding(.tf32, 1 + 0x1.Fp-11, 1, .towardZero),

    Rounding(.float32, 0.1, 0x1.99999ap-4),
    Rounding(.float32, 1 + 0x1p-24, 1),
    Rounding(.float32, 1 + 0x3p-24, 1 + 0x1p-22),
    Rounding(.float32, 0x1.fffffep127, 0x1.fffffep127),
    Rounding(.float32, 0x1.ffffffp127, .infinity),
    Rounding(.float32, 0x1p-149, 0x1p-149),
    Rounding(.float32, 0x1p-150, 0),
    Rounding(.float32, 0x1.8p-150, 0x1p-149),
    Rounding(.float64, 0.1, 0.1),
    Rounding(.float64, .leastNonzeroMagnitude, .leastNonzeroMagnitude),
  ]
}

@Suite struct FloatFormatTests {
  private static let formats = [FloatFormat.bfloat16, .float16, .tf32, .float32, .float64]

  @Test("A value is rounded to the format's nearest, ties to even", arguments: Rounding.known)
  func known(_ rounding: Rounding) {
    #expect(rounding.format.round(rounding.value, rounding.rule) == rounding.rounded)
    #expect(rounding.format.round(-rounding.value, rounding.rule) == -rounding.rounded)
    #expect(rounding.format.holds(rounding.value) == (rounding.value == rounding.rounded))
    #expect(rounding.rounded.isInfinite || rounding.format.holds(rounding.rounded))
  }

  @Test("float32 rounds as the machine's conversion does, subnormal numbers included")
  func float32() {
    var random = Randomness(seed: 30)
    for _ in 0..<100_000 {
      // Every exponent that float32 has, and some beyond on both sides.
      let exponent = Int.random(in: -160...130, using: &random)
      let x = Double(sign: .plus, exponent: exponent, significand: Double.random(in: 1..<2, using: &random))
      #expect(FloatFormat.float32.round(x) == Double(Float(x)), "\(x)")
    }
  }

  @Test("Zero, NaN and infinity stay what they are", arguments: formats)
  func special(_ format: FloatFormat) {
    #expect(format.round(0) == 0)
    #expect(format.round(-0.0).sign == .minus)
    #expect(format.round(.nan).isNaN)
    #expect(format.round(.infinity) == .infinity)
    #expect(format.round(-.infinity) == -.infinity)
    #expect(format.holds(0))
    #expect(!format.holds(.nan))
  }

  @Test("Rounding never leaves the format and never reverses an order", arguments: formats)
  func monotone(_ format: FloatFormat) {
    var random = Randomness(seed: 31)
    for _ in 0..<10_000 {
      let a = Double.random(in: -4...4, using: &random)
      let b = a + Double.random(in: 0...0x1p-6, using: &random)
      for rule in [FloatingPointRoundingRule.toNearestOrEven, .towardZero] {
        let (low, high) = (format.round(a, rule), format.round(b, rule))
        #expect(low <= high)
        #expect(format.holds(low))
        // To nearest is off by half a spacing at most, truncation by less than a whole one, towards zero.
        let spacing = format.spacing(at: a.magnitude)
        #expect((low - a).magnitude <= (rule == .towardZero ? spacing : spacing / 2))
        #expect(rule == .toNearestOrEven || low.magnitude <= a.magnitude)
      }
    }
  }

  @Test("One value that a format does not hold is found wherever it stands", arguments: formats)
  func heldTogether(format: FloatFormat) {
    let held = [0, -0, 1, -1.5, .infinity, format.smallestNormal, format.largestFinite]
    var others = [Double.nan]
    if format != .float64 { others += [1 + format.unitRoundoff / 2, 1e-300, -1e300] }
    for count in 0...17 {
      let values = (0..<count).map { held[$0 % held.count] }
      #expect(format.holds(all: values))
      for place in 0..<count {
        for other in others {
          var spoiled = values
          spoiled[place] = other
          #expect(!format.holds(all: spoiled), "\(other) at \(place) of \(count)")
          #expect(format.holds(allFiniteOf: spoiled) == !other.isFinite)
        }
      }
    }
  }

  @Test("One value that is not finite is found wherever it stands")
  func finite() {
    let finite = [0, -0, 1.5, -Double.greatestFiniteMagnitude, .leastNonzeroMagnitude]
    for count in 0...17 {
      let values = (0..<count).map { finite[$0 % finite.count] }
      #expect(values.areFinite)
      for place in 0..<count {
        for other in [Double.nan, -.nan, .signalingNaN, .infinity, -.infinity] {
          var spoiled = values
          spoiled[place] = other
          #expect(!spoiled.areFinite, "\(other) at \(place) of \(count)")
        }
      }
    }
  }

  @Test("The unit roundoff is half the distance from 1 to the next number", arguments: formats)
  func unitRoundoff(_ format: FloatFormat) {
    let expected = [
      "bfloat16": 0x1p-8, "float16": 0x1p-11, "tf32": 0x1p-11, "float32": 0x1p-24, "float64": 0x1p-53,
    ]
    #expect(format.unitRoundoff == expected[format.name])
    #expect(format.spacing(at: 1) == 2 * format.unitRoundoff)
    #expect(format.spacing(at: 0) == format.smallestNormal * 2 * format.unitRoundoff)
  }

  @Test("The smallest normal number is the format's")
  func smallestNormal() {
    #expect(FloatFormat.float64.smallestNormal == .leastNormalMagnitude)
    #expect(FloatFormat.float32.smallestNormal == Double(Float.leastNormalMagnitude))
    #expect(FloatFormat.bfloat16.smallestNormal == 0x1p-126)
    #expect(FloatFormat.tf32.smallestNormal == 0x1p-126)
    #expect(FloatFormat.float16.smallestNormal == 0x1p-14)
  }
}
