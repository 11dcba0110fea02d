import ParityHTML
import ParityReport
import RecurrentParity

/// How workers are to render each case: what becomes a renderer on either side of the pipe.
enum CaseFormat: Codable, Equatable, Sendable {
  case terminal(isColoured: Bool)
  case json(TimestepSelection)
  case lines(TimestepSelection)
  case junit(failingOn: Verdict)
  case markdown
  case html
  case diagnosis

  var renderer: any ReportRenderer {
    switch self {
    case .terminal(let isColoured): TerminalRenderer(isColoured: isColoured)
    case .json(let timesteps): JSONRenderer(timesteps: timesteps)
    case .lines(let timesteps): LinesRenderer(timesteps: timesteps)
    case .junit(let threshold): JUnitRenderer(failingOn: threshold)
    case .markdown: MarkdownRenderer()
    case .html: HTMLRenderer()
    case .diagnosis: DiagnosisRenderer()
    }
  }
}
