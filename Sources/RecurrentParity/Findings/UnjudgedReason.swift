/// Why something has no verdict of its own, or why a verdict is `inconclusive`.
public enum UnjudgedReason: Equatable, Sendable {
  /// Nothing is recorded in the layer; it is judged through the next layer above that has something.
  case throughLayer(Int)
  /// No state and no output of it is recorded.
  case nothingRecorded
  /// The propagated bound has grown until it says nothing.
  case exhaustedBound
  /// The step's input or past is not finite.
  case premisesNotFinite
  /// The sums of the run may leave the range of its format: what it computes then depends on their order.
  case overflow(format: String)
  /// Datasets that nothing was ever written to, by their paths.
  case unwritten([String])
  /// The layers without a record are too many, or too large, for every hypothesis to be run through them.
  case notSearched
  /// Recorded states of zero, of sums without a single term that is not zero: any formula gives them.
  case allZero
  /// Options that no formula here has, each as "name value".
  case options([String])

  /// An identifier, as in reports.
  public var name: String {
    switch self {
    case .throughLayer: "judged-through-another-layer"
    case .nothingRecorded: "nothing-recorded"
    case .exhaustedBound: "bound-exhausted"
    case .premisesNotFinite: "past-not-finite"
    case .overflow: "overflow"
    case .unwritten: "never-written"
    case .allZero: "all-zero"
    case .notSearched: "not-searched"
    case .options: "unknown-options"
    }
  }
}
