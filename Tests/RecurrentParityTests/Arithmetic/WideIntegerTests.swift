import Testing

@Suite struct WideIntegerTests {
  @Test("A whole Float64 is the number it says, at every shift")
  func fromDouble() throws {
    #expect(WideInteger(0) == WideInteger(high: 0, low: 0))
    #expect(WideInteger(5) == WideInteger(high: 0, low: 5))
    #expect(WideInteger(-1) == WideInteger(high: -1, low: .max))
    #expect(WideInteger(0x1p53) == WideInteger(high: 0, low: 1 << 53))
    #expect(WideInteger(0x1p64) == WideInteger(high: 1, low: 0))
    #expect(WideInteger(0x1.8p63) == WideInteger(high: 0, low: 0xC000_0000_0000_0000))
    #expect(WideInteger(0x1.8p64) == WideInteger(high: 1, low: 1 << 63))
    #expect(WideInteger(0x1p120) == WideInteger(high: 1 << 56, low: 0))
    #expect(WideInteger(-0x1p64) == WideInteger(high: -1, low: 0))
    #expect(WideInteger(0.5) == nil)
    #expect(WideInteger(0x1p126) == nil)
  }

  @Test("Products and sums carry across the middle")
  func arithmetic() {
    #expect(WideInteger(product: 1 << 40, 1 << 40) == WideInteger(high: 1 << 16, low: 0))
    #expect(WideInteger(product: -1, 1) == WideInteger(high: -1, low: .max))
    let one = WideInteger(high: 0, low: 1)
    #expect(WideInteger(high: 0, low: .max) + one == WideInteger(high: 1, low: 0))
    #expect(WideInteger(high: 1, low: 0) - one == WideInteger(high: 0, low: .max))
    #expect(WideInteger(high: -1, low: 0).approximate == -0x1p64)
    #expect(WideInteger(-3).map(\.approximate) == -3)
  }
}
