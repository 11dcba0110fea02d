import ParityReport
import RecurrentParity

/// What became of a case.
enum FileAnswer: Sendable {
  /// Its renderings, as they were asked for; a summary where it was judged.
  case told(CaseSummary?, [StoredText])
  case refused(FixtureError)
}
