import Recurrent

/// What a run may have done in layers of which no state is recorded: hypotheses of their passes, and other ways to
/// put passes together.
struct LayerChange: Sendable {
  var hypotheses: [LayerPass: Composition] = [:]
  /// Of layers how their passes are put together; of the last, where its states are recorded, how the output was that
  /// they were read off.
  var links: [Int: OutputLink] = [:]
  var finalRows = ReturnedRecord.FinalRows.last
  let mistakes: [Mistake]
  /// The passes that it is about.
  let places: [LayerPass]
}

/// One direction of one layer, by its number.
struct LayerPass: Hashable, Sendable {
  let layer: Int
  let pass: Int
}
