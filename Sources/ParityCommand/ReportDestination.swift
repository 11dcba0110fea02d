import HDF5
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
  private let path: SystemPath?

  init(_ path: SystemPath?) { self.path = path }

  func write(_ report: Report, as format: ReportFormat) throws {
    let text =
      switch format {
      case .terminal: TerminalRenderer(isColoured: isColoured).render(report)
      case .json: try report.json()
      }
    guard let path else { return try StandardOutput.write(text) }
    do { try OutputFile(path: path).write(text) } catch {
      throw InputFailure("\(path): the report cannot be written: \(error)")
    }
  }

  private var isColoured: Bool {
    let noColour = ProcessInfo.processInfo.environment["NO_COLOR"] ?? ""
    return path == nil && noColour.isEmpty && isatty(STDOUT_FILENO) == 1
  }
}
