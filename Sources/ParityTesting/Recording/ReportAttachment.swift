import ParityHTML
import ParityReport

/// A report in one of its renderings, to be kept beside a failed test.
struct ReportAttachment: Sendable {
  let name: String
  let bytes: [UInt8]
  /// A uniform type identifier.
  let type: String

  /// Every rendering that is attached: another one is a line more.
  static func all(of report: Report) -> [ReportAttachment] {
    let name = report.cases.first?.case ?? "report"
    return [
      ReportAttachment("\(name).parity.json", "public.json") { try report.json() },
      ReportAttachment("\(name).parity.html", "public.html") { try HTMLRenderer().render(report) },
    ].compactMap { $0 }
  }

  /// Nil where the rendering fails: the failure itself is told nevertheless.
  private init?(_ name: String, _ type: String, _ render: () throws -> String) {
    guard let text = try? render() else { return nil }
    // What a file calls its case is no path.
    self.name = String(name.map { $0 == "/" || $0 == "\\" ? "-" : $0 })
    self.type = type
    bytes = Array(text.utf8)
  }
}
