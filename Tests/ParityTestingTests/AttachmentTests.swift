import ParityReport
import Testing

@testable import ParityTesting

/// What is kept beside a failed test.
@Suite struct AttachmentTests {
  @Test("The report is attached for programs and for people, whatever the case is called")
  func renderings() {
    let outcome = ParityOutcome.fixture(
      .path(fixtures + "departures/port-bias-hh-dropped.h5"), failOn: .drift, tolerance: nil)
    let attachments = ReportAttachment.all(of: outcome.report)
    #expect(
      attachments.map(\.name) == ["port-bias-hh-dropped.parity.json", "port-bias-hh-dropped.parity.html"])
    let texts = attachments.map { String(decoding: $0.bytes, as: UTF8.self) }
    #expect(texts[0].hasPrefix("{\n") && texts[1].hasPrefix("<!doctype html>"))
    #expect(texts.allSatisfy { $0.contains("keras did not add bias_hh") })
  }
}
