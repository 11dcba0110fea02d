import ArgumentParser
import ParityReport
import RecurrentParity

/// A form that a report is asked for in.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  case terminal
  case json
  case ndjson
  case junit
  case markdown
  case html

  func caseFormat(
    isColoured: Bool, _ timesteps: TimestepSelection, failingOn threshold: Verdict
  ) -> CaseFormat {
    switch self {
    case .terminal: .terminal(isColoured: isColoured)
    case .json: .json(timesteps)
    case .ndjson: .lines(timesteps)
    case .junit: .junit(failingOn: threshold)
    case .markdown: .markdown
    case .html: .html
    }
  }
}

extension TimestepSelection: ExpressibleByArgument {}
