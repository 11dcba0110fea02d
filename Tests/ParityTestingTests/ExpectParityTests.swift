import FixtureEditing
import Testing

@testable import ParityTesting

@Suite struct ExpectParityTests {
  private let fixtures =
    #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/Fixtures/"

  @Test("A bundled fixture meets the expectation")
  func bundledFixture() {
    expectParity(ofFixtureAt: fixtures + "stackedbirnn-tanh.h5")
  }

  @Test("A missing file is an issue, not a silent pass")
  func missingFile() {
    withKnownIssue {
      expectParity(ofFixtureAt: fixtures + "no-such-file.h5")
    } matching: { issue in
      issue.comments.first?.rawValue.contains("no-such-file.h5: /: ") ?? false
    }
  }

  @Test("A file that requires what is not known is an issue that names it, not a pass of nothing")
  func unknownFeature() throws {
    let copy = try FixtureCopy(of: fixtures + "simplernn-tanh.h5") {
      try $0.setAttribute("format_version", of: "/", to: 2)
      try $0.setAttribute("requires", of: "/", to: .strings(["clockwork"]))
    }
    #expect(
      Parity.failures(ofFixtureAt: copy.path, tolerance: nil) == [
        "simplernn-tanh: not judged: the file requires clockwork, which this program does not know"
      ])
    withKnownIssue {
      expectParity(ofFixtureAt: copy.path)
    } matching: {
      $0.comments.first?.rawValue.contains("clockwork") ?? false
    }
  }

  @Test("A tolerance that real rounding exceeds is an issue at every layer and direction that exceeds it")
  func exceededTolerance() {
    let findings = Parity.failures(
      ofFixtureAt: fixtures + "birnn-tanh.h5", tolerance: .init(atol: 0, rtol: 0))
    #expect(findings.count == 4)
    #expect(findings.allSatisfy { $0.contains("above the tolerance") })
  }

  @Test("An issue says what was found, and how to mend it in each framework")
  func findingAndCure() throws {
    let failures = Parity.failures(
      ofFixtureAt: fixtures + "departures/port-bias-hh-dropped.h5", tolerance: nil)
    let explained = try #require(failures.first { $0.contains("keras states by pytorch weights") })
    #expect(explained.contains("layer 1, forward: mismatch from t = 0, sequence 2, unit 4"))
    #expect(explained.contains("by pytorch's weights, keras did not add bias_hh"))
    #expect(explained.contains("Keras: bias = bias_ih + bias_hh"))
  }
}
