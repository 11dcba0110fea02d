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

  /// Of all sources as one case; of those that are no fixtures each its own, and nothing else.
  func result(ofAll sources: [FixtureSource]) -> [FileResult] {
    var cases: [ParityCase] = []
    var failures: [FileResult] = []
    for source in sources {
      do { cases.append(try source.read()) } catch { failures.append(.invalid(error)) }
    }
    guard failures.isEmpty, let joined = ParityCase.joined(cases) else { return failures }
    return [.judged(joined.judged(options))]
  }

  private func result(of source: FixtureSource) -> FileResult {
    do { return .judged(try source.read().judged(options)) } catch { return .invalid(error) }
  }
}
