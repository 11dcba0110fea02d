#if canImport(XCTest)
  import Foundation
  import XCTest

  /// Fails the test case that is running, if one is.
  struct XCTestRecorder {
    let file: StaticString
    let line: UInt

    #if !canImport(Darwin)
      private static let observers = NSLock()
    #endif

    /// - Returns: whether a test case heard of it.
    func record(_ failures: [String], _ attachments: [ReportAttachment]) -> Bool {
      #if canImport(Darwin)
        // Activities belong to the main actor; a test that runs elsewhere goes without.
        if Thread.isMainThread { MainActor.assumeIsolated { attach(attachments) } }
        for failure in failures { XCTFail(failure, file: file, line: line) }
        let process = ProcessInfo.processInfo
        return process.processName == "xctest" || process.environment.keys.contains { $0.hasPrefix("XCTest") }
      #else
        // Without a running test case XCTFail does nothing. An observer hears of it within the call; the list of
        // observers is no thread's own.
        return Self.observers.withLock {
          let listener = FailureListener()
          XCTestObservationCenter.shared.addTestObserver(listener)
          defer { XCTestObservationCenter.shared.removeTestObserver(listener) }
          for failure in failures { XCTFail(failure, file: file, line: line) }
          return listener.hasHeard
        }
      #endif
    }
  }

  #if canImport(Darwin)
    extension XCTestRecorder {
      @MainActor fileprivate func attach(_ attachments: [ReportAttachment]) {
        XCTContext.runActivity(named: "parity") { activity in
          for attachment in attachments {
            let file = XCTAttachment(
              uniformTypeIdentifier: attachment.type, name: attachment.name, payload: Data(attachment.bytes))
            file.lifetime = .keepAlways
            activity.add(file)
          }
        }
      }
    }
  #else
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
