import Recurrent

/// Where something was found: of one direction of a layer the timesteps, sequences and units that show it.
public struct FindingPlace: Equatable, Sendable {
  /// The number of the layer, from 0.
  public var layer: Int
  /// The direction of that layer.
  public var direction: Direction
  /// Ascending; empty where it is not limited to some of them. So are the other two.
  public var timesteps: [Int]
  /// Rows of the batch, ascending; empty where it is not limited to some.
  public var sequences: [Int]
  /// Units of the state, ascending; empty where it is not limited to some.
  public var units: [Int]

  /// A place; lists that are empty limit nothing.
  public init(
    layer: Int, direction: Direction, timesteps: [Int] = [], sequences: [Int] = [], units: [Int] = []
  ) {
    self.layer = layer
    self.direction = direction
    self.timesteps = timesteps
    self.sequences = sequences
    self.units = units
  }

  /// The same place, narrowed to what shows in it.
  func at(
    timesteps: some Sequence<Int>, sequences: some Sequence<Int> = [], units: some Sequence<Int> = []
  ) -> FindingPlace {
    FindingPlace(
      layer: layer, direction: direction, timesteps: Set(timesteps).sorted(),
      sequences: Set(sequences).sorted(), units: Set(units).sorted())
  }

  func at(_ element: FlaggedElement) -> FindingPlace {
    at(timesteps: [element.timestep], sequences: [element.batch], units: [element.unit])
  }
}
