#if canImport(XCTest)
  import XCTest

  /// Fails the test case that is running, if one is.
  struct XCTestRecorder {
    let file: StaticString
    let line: UInt

    /// - Returns: whether a test case heard of it.
    func record(_ failures: [String], _ attachments: [ReportAttachment]) -> Bool {
      #if canImport(Darwin)
        XCTContext.runActivity(named: "parity") { activity in
          for attachment in attachments {
            let file = XCTAttachment(
              uniformTypeIdentifier: attachment.type, name: attachment.name, payload: Data(attachment.bytes))
            file.lifetime = .keepAlways
            activity.add(file)
          }
        }
        for failure in failures { XCTFail(failure, file: file, line: line) }
        return true
      #else
        // Without a running test case XCTFail does nothing. An observer hears of it within the call.
        let listener = FailureListener()
        XCTestObservationCenter.shared.addTestObserver(listener)
        defer { XCTestObservationCenter.shared.removeTestObserver(listener) }
        for failure in failures { XCTFail(failure, file: file, line: line) }
        return listener.hasHeard
      #endif
    }
  }

  #if !canImport(Darwin)
    private final class FailureListener: XCTestObservation {
      private(set) var hasHeard = false

      func testCase(
        _ testCase: XCTestCase, didFailWithDescription description: String, inFile filePath: String?,
        atLine lineNumber: Int
      ) {
        hasHeard = true
      }
    }
  #endif
#endif
