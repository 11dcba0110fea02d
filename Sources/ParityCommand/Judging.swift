import HDF5
import ParityReport
import RecurrentParity

/// Has files judged by workers, each file's result independent of the others'.
struct Judging {
  let options: JudgingOptions
  let limits: WorkerLimits
  /// The ways in which each case is to be rendered.
  let formats: [CaseFormat]

  /// In the order of the sources.
  func results(of sources: [FixtureSource]) throws -> [JudgedCase] {
    let answers = try WorkerPool(limits: limits).answers(to: sources.paths.map { [$0] }, work)
    return try judged(sources.merged(answers))
  }

  /// Of all sources as one case; of those that are no fixtures each its own, and nothing else.
  func result(ofAll sources: [FixtureSource]) throws -> [JudgedCase] {
    let missing = sources.compactMap(\.error)
    guard missing.isEmpty else { return try judged(missing.map { .refused($0) }) }
    return try judged(WorkerPool(limits: limits).answers(to: [sources.paths], work).flatMap { $0 })
  }

  private var work: WorkerTask.Work { .judge(options, formats) }

  private func judged(_ answers: [FileAnswer]) throws -> [JudgedCase] {
    try answers.compactMap { answer in
      switch answer {
      case .told(let summary, let texts):
        // Nothing is heard of a text that is empty.
        let silent = formats.count - texts.count
        return summary.map {
          JudgedCase(summary: $0, texts: texts + Array(repeating: StoredText(), count: max(0, silent)))
        }
      case .refused(let error):
        let entry = CaseReport(.invalid(error))
        return JudgedCase(
          summary: CaseSummary(entry), texts: try formats.map { try StoredText(entry, by: $0.renderer) })
      }
    }
  }
}

/// A case that was judged, or a file that is none.
struct JudgedCase {
  let summary: CaseSummary
  /// One for each format that was asked for.
  let texts: [StoredText]
}

extension [FixtureSource] {
  /// Those that a worker is to open.
  var paths: [SystemPath] { compactMap(\.path) }

  /// The answers of workers to those, and the errors of the others in their places.
  func merged(_ answers: [[FileAnswer]]) -> [FileAnswer] {
    var rest = answers[...]
    return flatMap { source in source.error.map { [.refused($0)] } ?? rest.popFirst() ?? [] }
  }
}
