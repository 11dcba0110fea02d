/// A whole number of 128 bits, in two's complement: wide enough for an inner product of Float64 significands
/// without rounding.
struct WideInteger: Equatable {
  var high: Int64
  var low: UInt64

  static let zero = WideInteger(high: 0, low: 0)

  init(high: Int64, low: UInt64) { (self.high, self.low) = (high, low) }

  init(product a: Int64, _ b: Int64) {
    let full = a.multipliedFullWidth(by: b)
    self.init(high: full.high, low: full.low)
  }

  /// A Float64 that is whole and below 2¹²⁶.
  init?(_ x: Double) {
    guard x.isFinite, x.magnitude < 0x1p126, x == x.rounded(.towardZero) else { return nil }
    self = .zero
    guard x != 0 else { return }
    let shift = Int(x.exponent) - 52
    let significand = x.significandBitPattern | 1 << 52
    let magnitude =
      if shift <= 0 { WideInteger(high: 0, low: significand >> UInt64(-shift)) } else if shift >= 64 {
        WideInteger(high: Int64(significand << UInt64(shift - 64)), low: 0)
      } else {
        WideInteger(high: Int64(significand >> UInt64(64 - shift)), low: significand << UInt64(shift))
      }
    self = x < 0 ? .zero - magnitude : magnitude
  }

  static func + (a: WideInteger, b: WideInteger) -> WideInteger {
    let (low, carry) = a.low.addingReportingOverflow(b.low)
    return WideInteger(high: a.high &+ b.high &+ (carry ? 1 : 0), low: low)
  }

  static func - (a: WideInteger, b: WideInteger) -> WideInteger {
    let (low, borrow) = a.low.subtractingReportingOverflow(b.low)
    return WideInteger(high: a.high &- b.high &- (borrow ? 1 : 0), low: low)
  }

  /// To within an ulp.
  var approximate: Double {
    high < 0 ? -(.zero - self).approximate : Double(high) * 0x1p64 + Double(low)
  }
}
