import Foundation
@testable import ParityReport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What CI systems read of a report in JUnit's form.
@Suite struct JUnitTests {
  @Test func everyCheckIsATestAndEveryFlaggedOneFailsWithItsWholeText() throws {
    let report = Report.complete
    let document = try JUnitDocument(JUnitRenderer().text(report))
    #expect(document.suites == report.cases.map(\.case))
    let checks = report.cases.flatMap(\.checks)
    #expect(document.tests.count == checks.count)
    for (test, check) in zip(document.tests, checks) {
      #expect((test.failure != nil) == (check.verdict != .match || check.failsBesides), "\(test)")
      #expect(test.kind == (check.verdict == .invalid ? "error" : test.failure == nil ? nil : "failure"))
      if let failure = test.failure { #expect(failure == check.text) }
    }
    #expect(checks.contains { $0.verdict == .invalid } && checks.contains { $0.verdict == .match })
  }

  @Test func whatLetsTheCommandPassFailsNoTest() throws {
    let mild = Report.of(
      "drift",
      .judged(
        "a", "drift", references: [.pytorch("drift", .with(steps: "~", verdict: "drift", first: .at(0)))]))
    let strict = try JUnitDocument(JUnitRenderer(failingOn: .inconclusive).text(mild))
    let lenient = try JUnitDocument(JUnitRenderer(failingOn: .mismatch).text(mild))
    #expect(strict.tests.map(\.kind) == ["failure"])
    #expect(lenient.tests.map(\.kind) == [nil])
    #expect(lenient.tests[0].output?.contains("drift") == true, "what is let pass is not silent")
  }

  @Test func toleranceFailsATestThatMatches() throws {
    let report = Report.of(
      "match",
      .judged(
        "a", "match",
        references: [.pytorch("match", .with(steps: "···", firstAboveTolerance: Nullable(1)))]))
    #expect(try JUnitDocument(JUnitRenderer().text(report)).tests.map(\.kind) == ["failure"])
  }

  @Test func hostileTextStaysText() throws {
    let name = "a\"<b>&]]>\u{1}\u{202E}\u{FFFE}\n'"
    let report = Report.of("invalid", .invalid(name, name))
    let document = try JUnitDocument(JUnitRenderer().text(report))
    #expect(document.suites.count == 1 && document.tests.count == 1)
    #expect(document.suites[0].contains("<b>&]]>"))
    #expect(document.tests[0].failure?.contains("<b>&]]>") == true)
  }
}

/// A strict reader: what is no well-formed XML throws, and an element out of its place is an issue.
private final class JUnitDocument: NSObject, XMLParserDelegate {
  struct Case {
    var name: String
    var kind: String?
    var failure: String?
    var output: String?
  }

  private(set) var suites: [String] = []
  private(set) var tests: [Case] = []
  private var path: [String] = []
  private var text = ""
  private var counted: [String: Int] = [:]

  init(_ text: String) throws {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    guard parser.parse() else { throw try #require(parser.parserError) }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    let parents = ["testsuites": nil, "testsuite": "testsuites", "testcase": "testsuite"]
    #expect((parents[name] ?? "testcase") == path.last)
    path.append(name)
    text = ""
    switch name {
    case "testsuite":
      suites.append(attributes["name"] ?? "")
      for key in ["tests", "failures", "errors"] { counted[key] = attributes[key].flatMap { Int($0) } }
    case "testcase":
      tests.append(Case(name: attributes["name"] ?? ""))
      counted["tests", default: 0] -= 1
    case "failure", "error":
      tests[tests.count - 1].kind = name
      counted["\(name)s", default: 0] -= 1
    default: break
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    switch name {
    case "failure", "error": tests[tests.count - 1].failure = text
    case "system-out": tests[tests.count - 1].output = text
    case "testsuite": #expect(counted.values.allSatisfy { $0 == 0 }, "a suite counts its own: \(counted)")
    default: break
    }
    path.removeLast()
  }
}
