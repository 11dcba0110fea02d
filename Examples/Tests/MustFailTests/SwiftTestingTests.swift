import ParityTesting
import Testing

@Suite struct SwiftTestingTests {
  @Test func fixture() { expectParity(ofFixtureAt: lostBias) }
  @Test func missingFixture() { expectParity(ofFixtureAt: fixtures + "no-such-file.h5") }
  @Test func implementation() { expectParity(withFixtureAt: gru, reference: "pytorch", of: gatesOfKeras) }
  @Test func nan() { expectParity(withFixtureAt: gru, reference: "pytorch", of: notANumber) }

  @Test func shape() {
    expectParity(
      withFixtureAt: gru, reference: "pytorch",
      of: .pass(Float.self) { pass in .states(h: [[[Float]]](repeating: [[1, 2, 3]], count: pass.timesteps)) }
    )
  }

  @Test func weightThatIsNotThere() {
    expectParity(
      withFixtureAt: gru, reference: "pytorch",
      of: .pass(Float.self) { pass in .states(h: try pass.weights["kernel"].values) })
  }

  @Test func asynchronous() async {
    await Task.yield()
    expectParity(ofFixtureAt: lostBias)
  }

  @Test func childTask() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { expectParity(ofFixtureAt: lostBias) }
    }
  }

  @Test func required() throws {
    try requireParity(withFixtureAt: gru, reference: "pytorch", of: gatesOfKeras)
  }

  @Test func knownIssueThatIsNone() {
    withKnownIssue { expectParity(ofFixtureAt: gru) }
  }
}
