import ParityTesting
import XCTest

final class XCTestTests: XCTestCase {
  func testFixture() { expectParity(ofFixtureAt: lostBias) }
  func testMissingFixture() { expectParity(ofFixtureAt: fixtures + "no-such-file.h5") }
  func testImplementation() { expectParity(withFixtureAt: gru, reference: "pytorch", of: gatesOfKeras) }
  func testNaN() { expectParity(withFixtureAt: gru, reference: "pytorch", of: notANumber) }
  func testRequired() throws { try requireParity(ofFixtureAt: lostBias) }

  func testAsynchronous() async {
    await Task.yield()
    expectParity(ofFixtureAt: lostBias)
  }

  func testDetachedTask() async {
    await Task.detached { expectParity(ofFixtureAt: lostBias) }.value
  }
}
