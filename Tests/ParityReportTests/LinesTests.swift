import Foundation
@testable import ParityReport
import Testing

/// Reports of one case a line.
@Suite struct LinesTests {
  @Test func everyLineIsACaseOfTheJSONReport() throws {
    let report = Report.complete
    let lines = LinesRenderer().text(report).split(separator: "\n")
    #expect(lines.count == report.cases.count)
    let whole = try JSONSerialization.jsonObject(with: Data(report.json().utf8)) as? [String: Any]
    let cases = try #require(whole?["cases"] as? [NSDictionary])
    for (line, entry) in zip(lines, cases) {
      #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? NSDictionary == entry)
    }
  }

  @Test func spacesAndLineFeedsOfTextStay() throws {
    let name = "  two  spaces\n  and a line"
    let line = LinesRenderer().text(.of("invalid", .invalid(name, "  x")))
    #expect(line.hasSuffix("}\n") && line.filter { $0 == "\n" }.count == 1)
    let entry = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    #expect(entry?["case"] as? String == name && entry?["error"] as? String == "  x")
  }
}
