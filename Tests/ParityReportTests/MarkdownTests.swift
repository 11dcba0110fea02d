import Foundation
@testable import ParityReport
import RecurrentParity
import Testing

/// What a CI job's summary shows.
@Suite struct MarkdownTests {
  @Test func theWorstStandsFirst() throws {
    let text = MarkdownRenderer().text(.complete)
    let titles = text.split(separator: "\n").filter { $0.hasPrefix("### ") }
    let verdicts = try titles.map {
      try #require(Verdict(rawValue: $0.components(separatedBy: " · ").last ?? ""))
    }
    #expect(verdicts == verdicts.sorted(by: >) && verdicts.count > 1)
    #expect(text.hasPrefix("## ❌ Parity: invalid"))
  }

  @Test func whatDoesNotFitIsCountedAndTheWorstIsKept() {
    let long = String(repeating: "x", count: 30_000)
    let cases = (0..<100).map { CaseReport.invalid("case \($0)", long) }
    let report = Report(verdict: "invalid", cases: [.judged("fine", "match", references: [])] + cases)
    let text = MarkdownRenderer().text(report)
    #expect(text.utf8.count <= 1_000_000)
    let shown = text.components(separatedBy: "### ").count - 1
    #expect(shown > 0 && shown < 100)
    #expect(text.contains("*\(100 - shown) more flagged cases do not fit here.*"))
  }

  @Test(arguments: [
    "<img src=x>", "[a](http://b)", "`code`", "*bold*", "a|b", "# title", "www.a.b", "https://a.b", "$x$",
    "<!--", "&lt;",
  ])
  func textOfAFileIsNeverMarkup(_ hostile: String) {
    let text = MarkdownRenderer().text(.of("invalid", .invalid("name", hostile)))
    // Whatever could begin markup has a backslash before it, or is an entity.
    let line = text.split(separator: "\n").last { $0.hasPrefix("- ") }.map { String($0.dropFirst(2)) } ?? ""
    for (index, character) in zip(line.indices, line) where "<>*`[]|#$".contains(character) {
      #expect(index > line.startIndex && line[line.index(before: index)] == "\\", "\(line)")
    }
    #expect(!line.contains("http://") && !line.contains("https://") && !line.contains("www."), "\(line)")
  }

  @Test(arguments: ["a`b", "``", "`", "a|b", "<b>"])
  func codeOfATableIsOneSpan(_ name: String) throws {
    let text = MarkdownRenderer().text(.of("match", .judged(name, "match", references: [])))
    let row = try #require(text.split(separator: "\n").last { $0.hasPrefix("| ✅") })
    // As a reader of tables splits it: at each bar that has no backslash before it.
    let cells = row.replacing("\\|", with: "¦").split(separator: "|")
    #expect(cells.count == 9 && cells[1].contains("`"))
  }
}
