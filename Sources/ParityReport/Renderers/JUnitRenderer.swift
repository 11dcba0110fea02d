import RecurrentParity

/// JUnit's XML, as CI systems read it: a case is a suite; each direction of each layer of a reference or a cross check,
/// and each boundary, a test of it.
///
/// There is no official schema, and readers drop properties and output: everything stands in names and in the text of
/// failures. The class of a test is the file, so that no two files' tests are taken for one.
public struct JUnitRenderer: ReportRenderer {
  /// The mildest verdict that fails.
  public var threshold: Verdict

  /// A renderer whose tests fail from that verdict on.
  public init(failingOn threshold: Verdict = .inconclusive) { self.threshold = threshold }

  public func section(_ entry: CaseReport, _ write: (String) throws -> Void) throws {
    let checks = entry.checks
    let failing = checks.filter { $0.fails(on: threshold) }
    let errors = failing.count { $0.verdict == .invalid }
    try write(
      "  <testsuite name=\"\(entry.case.printableXML)\" tests=\"\(checks.count)\" "
        + "failures=\"\(failing.count - errors)\" errors=\"\(errors)\" skipped=\"0\" time=\"0\">\n")
    for check in checks { try write(element(check, file: entry.file)) }
    try write("  </testsuite>\n")
  }

  public func frame(_ cases: [CaseSummary]) -> ReportFrame {
    ReportFrame(
      beginning: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"parity\">\n",
      end: "</testsuites>\n")
  }

  private func element(_ check: Check, file: String) -> String {
    let name = ([check.group].compactMap { $0 } + [check.name]).joined(separator: ": ")
    let start =
      "    <testcase classname=\"\(file.printableXML)\" name=\"\(name.printableXML)\" "
      + "file=\"\(file.printableXML)\" time=\"0\""
    // A line feed in the text is one of ours: those of a file are printed as \n.
    let text = check.text.split(separator: "\n").map { String($0).printableXML }.joined(separator: "\n")
    guard check.fails(on: threshold) else {
      guard check.verdict != .match else { return start + "/>\n" }
      return start + ">\n      <system-out>\(check.verdict.rawValue)\n\(text)</system-out>\n    </testcase>\n"
    }
    let kind = check.verdict == .invalid ? "error" : "failure"
    let verdict = check.verdict == .match ? "fails" : check.verdict.rawValue
    let message = ([verdict] + check.says.prefix(1)).joined(separator: ": ")
    return start
      + ">\n      <\(kind) type=\"\(verdict)\" message=\"\(message.printableXML)\">\(text)</\(kind)>\n"
      + "    </testcase>\n"
  }
}
