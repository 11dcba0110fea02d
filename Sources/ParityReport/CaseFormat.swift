/// How one case is rendered, by itself: a report on many is these texts, and what stands around them.
public enum CaseFormat: Codable, Equatable, Sendable {
  case terminal(isColoured: Bool)
  case json
  case diagnosis

  public func text(_ entry: CaseReport) throws -> String {
    switch self {
    case .terminal(let isColoured): TerminalRenderer(isColoured: isColoured).section(entry)
    case .json: try JSONRenderer.entry(entry)
    case .diagnosis: DiagnosisRenderer().section(entry)
    }
  }
}
