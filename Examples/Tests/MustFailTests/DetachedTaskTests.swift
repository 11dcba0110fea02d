import ParityTesting
import Testing

/// A detached task does not know its test: the run fails, and no test of it.
@Suite struct DetachedTaskTests {
  @Test func detached() async {
    await Task.detached { expectParity(ofFixtureAt: lostBias) }.value
  }
}
