import ParityTesting
import Testing

@Test(arguments: ["simplegru.h5", "stackedbilstm-ragged.h5"])
func portIsFaithful(_ fixture: String) {
  expectParity(ofFixtureAt: fixtures + fixture)
}

/// A port whose faults are known, until they are mended.
@Test func knownToBeWrong() {
  withKnownIssue("the port lost bias_hh") {
    expectParity(ofFixtureAt: fixtures + "departures/port-bias-hh-dropped.h5")
  }
}

@Test func requiredParityReturnsTheReport() throws {
  let report = try requireParity(ofFixtureAt: fixtures + "simplegru.h5")
  #expect(report.verdict == "match")
}

/// A run in bfloat16 that its file declares as float32 drifts, and is no other network.
@Test func thresholdIsThatOfTheCommand() {
  expectParity(ofFixtureAt: fixtures + "departures/bfloat16-stackedbigru.h5", failOn: .mismatch)
}
