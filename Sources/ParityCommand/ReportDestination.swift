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

/// Where one rendered report goes.
struct ReportDestination {
  private enum Kind: Equatable {
    case output
    case file(SystemPath)
    /// The summary of a CI job's step, to which the report is added.
    case summary(SystemPath)
  }

  private let kind: Kind

  /// - Parameter path: nil for standard output; of Markdown, for the summary of the step where CI names one.
  init(_ path: SystemPath?, _ format: ReportFormat) {
    let summary = ProcessInfo.processInfo.environment["GITHUB_STEP_SUMMARY"] ?? ""
    if let path {
      kind = .file(path)
    } else if format == .markdown, !summary.isEmpty {
      kind = .summary(SystemPath(bytes: Array(summary.utf8)))
    } else {
      kind = .output
    }
  }

  var isStandardOutput: Bool { kind == .output }

  /// Whether what is written there may be coloured.
  var isColoured: Bool {
    let noColour = ProcessInfo.processInfo.environment["NO_COLOR"] ?? ""
    return kind == .output && noColour.isEmpty && isatty(STDOUT_FILENO) == 1
  }

  /// - Parameter texts: of the cases, as the renderer has them.
  func write(_ cases: [CaseSummary], _ texts: [StoredText], by renderer: any ReportRenderer) throws {
    let frame = try renderer.frame(cases)
    let arrangement = frame.arrangement(of: texts.map(\.count))
    let sections = arrangement.shown.map { [texts[$0]] }.joined(separator: [StoredText(frame.separator)])
    try write([StoredText(frame.beginning)] + sections + [StoredText(arrangement.note + frame.end)])
  }

  private func write(_ parts: [StoredText]) throws {
    switch kind {
    case .output: try StandardOutput.write(parts)
    case .file(let path):
      do { try OutputFile(path: path).write(parts) } catch {
        throw InputFailure("\(path): the report cannot be written: \(error)")
      }
    case .summary(let path):
      do { try OutputFile(path: path).append(parts) } catch {
        throw InputFailure("\(path), which is $GITHUB_STEP_SUMMARY: the report cannot be written: \(error)")
      }
    }
  }
}
