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

  func caseFormat(_ format: ReportFormat, _ timesteps: TimestepSelection) -> CaseFormat {
    switch format {
    case .terminal: .terminal(isColoured: isColoured)
    case .json: .json(timesteps)
    }
  }

  /// - Parameter texts: the cases, rendered by the format of `caseFormat`.
  func write(_ cases: [CaseSummary], _ texts: [StoredText], as format: ReportFormat) throws {
    let parts = try parts(cases, texts, format)
    guard let path else { return try StandardOutput.write(parts) }
    do { try OutputFile(path: path).write(parts) } catch {
      throw InputFailure("\(path): the report cannot be written: \(error)")
    }
  }

  private func parts(
    _ cases: [CaseSummary], _ texts: [StoredText], _ format: ReportFormat
  ) throws -> [StoredText] {
    let groups = JoinableFiles(cases).groups
    switch format {
    case .terminal:
      let renderer = TerminalRenderer(isColoured: isColoured)
      return [StoredText(renderer.beginning(cases, couldBeJoined: groups))] + texts
    case .json:
      let (beginning, separator, end) = try JSONRenderer.surroundings(cases, couldBeJoined: groups)
      let list = texts.map { [$0] }.joined(separator: [StoredText(separator)])
      return [StoredText(beginning)] + list + [StoredText(end)]
    }
  }

  private var isColoured: Bool {
    let noColour = ProcessInfo.processInfo.environment["NO_COLOR"] ?? ""
    return path == nil && noColour.isEmpty && isatty(STDOUT_FILENO) == 1
  }
}
