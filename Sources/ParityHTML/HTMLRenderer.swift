import ParityReport
import RecurrentParity

/// The report as one page: self-contained, without network, for a browser of any size.
///
/// Every text of a file passes the template's own escaping; pictures are drawn from numbers alone.
public struct HTMLRenderer: ReportRenderer {
  public init() {}

  public func section(_ entry: CaseReport, _ write: (String) throws -> Void) throws {
    try write(CaseTemplate.text(CaseView(entry)))
  }

  public func frame(_ cases: [CaseSummary]) -> ReportFrame {
    let page = PageView(cases)
    var frame = ReportFrame(beginning: PageTemplate.beginning(page), end: PageTemplate.end(page))
    frame.order = cases.worstFirst
    return frame
  }
}
