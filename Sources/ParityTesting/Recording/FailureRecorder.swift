import ParityReport
import Testing

/// Makes failures known to the test that they happen in, whatever library it is of.
///
/// Neither library fails a test of the other: `Issue.record` does nothing in an XCTest case, `XCTFail` nothing in a test
/// of Swift Testing. So the running test decides, and not what the file imports:
///
/// - in a test of Swift Testing, an issue is recorded, which `withKnownIssue` sees;
/// - elsewhere, in an XCTest case or where a detached task has lost its test, both are told. In a test run of Swift
///   Testing the issue fails the run, though no single test of it;
/// - where neither can have heard of it, after the end of a test case or outside of any, the process ends with the text.
struct FailureRecorder {
  let fileID: StaticString
  let filePath: StaticString
  let line: UInt
  let column: UInt

  func record(_ failures: [String], of report: Report) {
    guard !failures.isEmpty else { return }
    let attachments = ReportAttachment.all(of: report)
    let isSwiftTesting = Test.current != nil
    let isXCTest = !isSwiftTesting && recordInXCTest(failures, attachments)
    recordInSwiftTesting(failures, isSwiftTesting ? attachments : [])
    guard isSwiftTesting || isXCTest || SwiftTestingRun.isUnderWay else {
      fatalError(
        "parity failed where no test can be told so: call it in a test, and wait for its tasks.\n"
          + failures.joined(separator: "\n\n"), file: filePath, line: line)
    }
  }

  private func recordInSwiftTesting(_ failures: [String], _ attachments: [ReportAttachment]) {
    let location = SourceLocation(
      fileID: "\(fileID)", filePath: "\(filePath)", line: Int(line), column: Int(column))
    #if compiler(>=6.2)
      for attachment in attachments {
        Attachment.record(attachment.bytes, named: attachment.name, sourceLocation: location)
      }
    #endif
    for failure in failures { Issue.record(Comment(rawValue: failure), sourceLocation: location) }
  }

  /// - Returns: whether a test case heard of it.
  private func recordInXCTest(_ failures: [String], _ attachments: [ReportAttachment]) -> Bool {
    #if canImport(XCTest)
      return XCTestRecorder(file: filePath, line: line).record(failures, attachments)
    #else
      return false
    #endif
  }
}

/// Whether this process runs tests of Swift Testing, as `swift test` starts it.
private enum SwiftTestingRun {
  static var isUnderWay: Bool {
    let arguments = CommandLine.arguments
    return arguments.contains("--testing-library=swift-testing")
      || zip(arguments, arguments.dropFirst()).contains { $0 == ("--testing-library", "swift-testing") }
  }
}
