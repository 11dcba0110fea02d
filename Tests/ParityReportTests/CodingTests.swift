import Foundation
import ParityReport
import Testing

/// Reading reports back.
@Suite struct CodingTests {
  @Test("A report that was encoded is decoded to the same report")
  func roundTrip() throws {
    let report = Report.complete
    #expect(try Report.decoded(from: report.encoded()) == report)
  }

  @Test("A number that is not finite comes back as NaN, and is written as before")
  func notFinite() throws {
    for value in [Double.nan, .infinity, -.infinity] {
      var report = Report.complete
      report.cases[1].references[0].layers[0].stepwise.maxResidual = Number(value)
      report.cases[1].references[0].layers[0].timesteps[0].maxBoundRatio = Number(value)
      let data = try report.encoded()
      let decoded = try Report.decoded(from: data)
      #expect(decoded.cases[1].references[0].layers[0].stepwise.maxResidual.value.isNaN)
      #expect(decoded.cases[1].references[0].layers[0].timesteps[0].maxBoundRatio.value.isNaN)
      #expect(try decoded.encoded() == data)
    }
  }

  @Test("Fields of a later program are ignored, wherever they stand")
  func unknownFields() throws {
    let text = try Report.complete.json()
    let later = text.replacingOccurrences(
      of: "\"verdict\" :", with: "\"of_later\" : {\"verdict\": [null, 1]}, \"verdict\" :")
    #expect(later.count > text.count)
    #expect(try Report.decoded(from: Data(later.utf8)) == Report.complete)
  }

  @Test(
    "What is missing or of another kind is named by its place in the document",
    arguments: [
      ("      \"case\" : ", "      \"cas\" : ", "cases[0].case: expected a value, found nothing"),
      ("\"max_abs\" : ", "\"max\" : ", "cases[0].references[0].layers[0].free_running.max_abs: "),
      (
        "\"t\" : 0", "\"t\" : \"0\"",
        "cases[0].references[0].layers[0].timesteps[0].t: expected an integer, found "
      ),
      ("\"cases\" : [", "\"cases\" : 3, \"others\" : [", "cases: expected a list, found "),
      (
        "\"format\" : \"rnn-parity-report\"", "\"format\" : \"junit\"",
        "format: expected \"rnn-parity-report\", found \"junit\""
      ),
      ("\"format_version\" : 1", "\"format_version\" : 2", "format_version: expected 1, found 2"),
      ("\"cases\" : [", "\"cases\" : {[", "report: expected JSON, found "),
    ])
  func refused(_ part: String, _ other: String, _ complaint: String) throws {
    let text = try Report.complete.json()
    let range = try #require(text.range(of: part))
    let damaged = text.replacingCharacters(in: range, with: other)
    let error = #expect(throws: ReportError.self) { try Report.decoded(from: Data(damaged.utf8)) }
    #expect(error?.description.hasPrefix(complaint) == true, "\(error?.description ?? "")")
    #expect(error?.localizedDescription == error?.description)
  }

  @Test("What is no report is refused", arguments: ["", "[]", "null", "{}", "\u{0}"])
  func noReport(_ text: String) {
    #expect(throws: ReportError.self) { try Report.decoded(from: Data(text.utf8)) }
  }
}
