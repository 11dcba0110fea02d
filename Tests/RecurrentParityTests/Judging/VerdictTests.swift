import Testing

@testable import RecurrentParity

@Suite struct VerdictTests {
  @Test("Verdicts are ordered match, inconclusive, drift, differs, mismatch, invalid")
  func order() {
    let ordered: [Verdict] = [.match, .inconclusive, .drift, .differs, .mismatch, .invalid]
    #expect(Verdict.allCases.shuffled().sorted() == ordered)
    #expect(Verdict.allCases.count == ordered.count)
  }

  @Test("Of several verdicts the worst counts, and of none it is a match")
  func worst() {
    #expect([Verdict.match, .drift, .inconclusive].worst == .drift)
    #expect([Verdict.drift, .mismatch, .match].worst == .mismatch)
    #expect([Verdict.mismatch, .invalid].worst == .invalid)
    #expect([Verdict]().worst == .match)
  }
}
