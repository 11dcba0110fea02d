import ParityTesting
import Testing
import XCTest

@Suite struct SwiftTestingBesideXCTestTests {
  @Test func fixtureBesideXCTest() { expectParity(ofFixtureAt: lostBias) }
  @Test func implementationBesideXCTest() {
    expectParity(withFixtureAt: gru, reference: "pytorch", of: gatesOfKeras)
  }
}

final class XCTestBesideSwiftTestingTests: XCTestCase {
  func testFixture() { expectParity(ofFixtureAt: lostBias) }
  func testImplementation() { expectParity(withFixtureAt: gru, reference: "pytorch", of: gatesOfKeras) }

  func testDetachedTask() async {
    await Task.detached { expectParity(ofFixtureAt: lostBias) }.value
  }
}
