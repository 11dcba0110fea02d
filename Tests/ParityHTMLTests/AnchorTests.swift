import Testing

@testable import ParityHTML

@Suite struct AnchorTests {
  @Test func anAnchorIsTheSameInEveryProcess() {
    // FNV-1a of "a\0b", by the algorithm's definition.
    var hash: UInt64 = 14_695_981_039_346_656_037
    for byte: UInt64 in [97, 0, 98] { hash = (hash ^ byte) &* 1_099_511_628_211 }
    #expect(Anchor.case("b", "a") == "c-" + String(hash, radix: 36))
  }
}
