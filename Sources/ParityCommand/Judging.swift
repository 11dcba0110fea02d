import ParityReport
import RecurrentParity

/// Reads and judges files on all cores, each file's result independent of the others'.
struct Judging: Sendable {
  let options: JudgingOptions

  /// In the order of the sources.
  func results(of sources: [FixtureSource]) -> [FileResult] {
    let progress = Progress(total: sources.count)
    defer { progress.finish() }
    return sources.concurrentMap { source in
      defer { progress.advance() }
      return result(of: source)
    }
  }

  private func result(of source: FixtureSource) -> FileResult {
    do { return .judged(try source.read().judged(options)) } catch { return .invalid(error) }
  }
}
