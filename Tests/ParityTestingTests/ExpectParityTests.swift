import FixtureEditing
import ParityFixtures
import ParityReport
import Testing

@testable import ParityTesting

@Suite struct ExpectParityTests {
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
      ParityOutcome.fixture(.path(copy.path), failOn: .drift, tolerance: nil).failures == [
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
    let findings = ParityOutcome.fixture(
      .path(fixtures + "birnn-tanh.h5"), failOn: .drift, tolerance: .init(atol: 0, rtol: 0)
    ).failures
    #expect(findings.count == 4)
    #expect(findings.allSatisfy { $0.contains("above the tolerance") })
  }

  @Test("An issue says what was found, and how to mend it in each framework")
  func findingAndCure() throws {
    let failures = ParityOutcome.fixture(
      .path(fixtures + "departures/port-bias-hh-dropped.h5"), failOn: .drift, tolerance: nil
    ).failures
    let explained = try #require(failures.first { $0.contains("keras states by pytorch weights") })
    #expect(explained.contains("layer 1 (rnn_1), forward: mismatch from t = 0, sequence 2, unit 4 of h"))
    #expect(explained.contains("by pytorch's weights, keras did not add bias_hh"))
    #expect(explained.contains("Keras: bias = bias_ih + bias_hh"))
    // The same mistake, seen from the other side, is not told twice.
    #expect(
      failures.contains {
        $0.hasSuffix("explained the other way round\n" + (explained.split(separator: "\n").last ?? ""))
      })
  }

  @Test("Fails from the verdict on that the command fails from", arguments: FailureThreshold.allCases)
  func threshold(_ threshold: FailureThreshold) {
    func failures(_ fixture: String) -> [String] {
      ParityOutcome.fixture(.path(fixtures + "departures/\(fixture).h5"), failOn: threshold, tolerance: nil)
        .failures
    }
    #expect(failures("bfloat16-stackedbigru").isEmpty == (threshold != .drift))
    #expect(failures("port-norm-epsilon").isEmpty == (threshold == .mismatch))
    #expect(!failures("port-bias-hh-dropped").isEmpty)
  }

  @Test("What cannot be read fails at any threshold", arguments: FailureThreshold.allCases)
  func invalid(_ threshold: FailureThreshold) {
    #expect(
      !ParityOutcome.fixture(.path("no-such-file.h5"), failOn: threshold, tolerance: nil).failures.isEmpty)
  }

  @Test("What is thrown says all, and holds the report")
  func required() throws {
    let failure = #expect(throws: ParityFailure.self) {
      try requireParity(ofFixtureAt: fixtures + "departures/port-bias-hh-dropped.h5")
    }
    #expect(failure?.report.verdict == "mismatch")
    #expect(failure?.failures.count == 2)
    #expect(failure?.description.contains("Keras: bias = bias_ih + bias_hh") == true)
    #expect(try requireParity(ofFixtureAt: fixtures + "simplernn-tanh.h5").verdict == "match")
  }

  @Test("A case in memory is judged as one in a file")
  func memory() throws {
    let wrong = try ParityCase(contentsOf: fixtures + "departures/port-bias-hh-dropped.h5")
    #expect(throws: ParityFailure.self) { try requireParity(of: wrong) }
    let right = try ParityCase(contentsOf: fixtures + "simplegru.h5")
    expectParity(of: right)
    expectParity(with: right, reference: "keras", of: LibraryRun.pass(Float.self))
    let zeros = Implementation<Float>.pass(Float.self) {
      .states(h: [Float](repeating: 0, count: $0.batch * 84))
    }
    #expect(throws: ParityFailure.self) { try requireParity(with: right, reference: "keras", of: zeros) }
  }
}
