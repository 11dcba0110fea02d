import RecurrentParity
import Testing

@testable import NativeWeights

@Suite struct FloatBytesTests {
  @Test("Every number of the 16-bit formats is written as the bits that it is")
  func sixteenBits() {
    for bits in UInt16.min...UInt16.max {
      let wide = Float(bitPattern: UInt32(bits) << 16)
      if !wide.isNaN {
        #expect(FloatFormat.bfloat16.bytes([Double(wide)]) == [UInt8(bits & 0xFF), UInt8(bits >> 8)])
      }
      // Source: IEEE 754, binary16: a sign, 5 bits of exponent, 10 of significand.
      let (exponent, fraction) = (Int(bits >> 10 & 0x1F), Double(bits & 0x3FF))
      guard exponent < 31 else { continue }
      let magnitude =
        exponent == 0
        ? fraction * 0x1p-24
        : (1 + fraction * 0x1p-10) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
      let half = bits >> 15 == 1 ? -magnitude : magnitude
      #expect(FloatFormat.float16.bytes([half]) == [UInt8(bits & 0xFF), UInt8(bits >> 8)])
    }
  }

  @Test("Float32 and Float64 are written lowest byte first, rounded to nearest")
  func wide() {
    #expect(FloatFormat.float64.bytes([1]) == [0, 0, 0, 0, 0, 0, 0xF0, 0x3F])
    #expect(FloatFormat.float32.bytes([1 + 0x1p-24, -2]) == [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])
    #expect(FloatFormat.float32.bytes([1 + 0x1.8p-24]) == [1, 0, 0x80, 0x3F])
  }
}
