import ParityReport

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where one rendered report goes: a file, or standard output.
struct ReportDestination {
  private let path: String?

  init(_ path: String?) { self.path = path }

  func write(_ report: Report, as format: ReportFormat) throws {
    let text =
      switch format {
      case .terminal: TerminalRenderer(isColoured: isColoured).render(report)
      case .json: try report.json()
      }
    do {
      if let path {
        try OutputFile(path: path).write(text)
      } else {
        try OutputFile.write(text, to: STDOUT_FILENO)
      }
    } catch {
      // A reader of standard output that has seen enough is no failure.
      if path == nil, error.code == EPIPE { return }
      throw InputFailure("\(path ?? "standard output"): the report cannot be written: \(error)")
    }
  }

  private var isColoured: Bool {
    let noColour = ProcessInfo.processInfo.environment["NO_COLOR"] ?? ""
    return path == nil && noColour.isEmpty && isatty(STDOUT_FILENO) == 1
  }
}
