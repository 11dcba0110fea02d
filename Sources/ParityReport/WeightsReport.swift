import RecurrentParity

/// What two sets of weights are to each other that differ in every tensor, where nothing explains it.
public struct WeightsReport: Codable, Equatable, Sendable {
  /// `another-checkpoint`, or `another-layout` of the same numbers.
  public var relation: String
  /// The rms of their difference to that of the weights themselves; absent of another layout.
  public var relativeDifference: Number?
  /// The same in words, with what to do.
  public var says: String
}

extension WeightsReport {
  init(_ relation: WeightRelation) {
    switch relation {
    case .anotherCheckpoint(let relative):
      self.relation = "another-checkpoint"
      relativeDifference = Number(relative)
      let further = relative < 0.5 ? "one was trained further than the other" : "another checkpoint"
      let stored = relative < 0.01 ? ", or one was rounded when it was stored" : ""
      says =
        "these are two different sets of weights: \(further)\(stored). Every tensor differs, by "
        + "\(text(Number(relative), .compact)) times the size of the weights (rms), and no mistake explains it: port "
        + "the checkpoint again before looking at anything else"
    case .anotherLayout:
      self.relation = "another-layout"
      says =
        "the two hold the same numbers in other places: the weights were copied in another layout, and it is none "
        + "that was tried"
    }
  }
}
