@testable import ParityReport
import Testing

/// How the cases of a report are arranged in a form that takes only so much.
@Suite struct ArrangementTests {
  @Test func nothingIsLeftOutUnsaidNorShownBeyondTheLimit() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      let lengths = (0..<Int.random(in: 0...20, using: &random)).map { _ in
        Int.random(in: 0...50, using: &random)
      }
      var frame = ReportFrame(beginning: "begin", separator: "; ", end: "end")
      frame.order = Array(lengths.indices).shuffled(using: &random)
      let bytes = Int.random(in: 100...400, using: &random)
      frame.limit = ReportLimit(bytes: bytes) { $0.isEmpty ? "" : "left out \($0.count)" }
      let (shown, note) = frame.arrangement(of: lengths)
      let length = 8 + shown.map { lengths[$0] }.reduce(0, +) + 2 * max(0, shown.count - 1) + note.utf8.count
      #expect(length <= bytes)
      #expect(shown == Array((frame.order ?? []).prefix(shown.count)))
      #expect(note == (shown.count == lengths.count ? "" : "left out \(lengths.count - shown.count)"))
    }
  }
}
