/// How far rounding moves the boundaries of a model: what runs differ by whose parameters and inputs were moved by one
/// unit in the last place at random.
public struct ModelSpread: Sendable {
  /// The number of moved runs.
  public package(set) var runs: Int
  /// Of the perturbations; nil where the file does not say it.
  public package(set) var seed: Int?
  /// The reference whose recurrent outputs and computed states all runs were given in place of their own, and where
  /// it was taken from; nil where they ran freely.
  public package(set) var pinned: String?
  /// How far rounding moves each boundary.
  public package(set) var boundaries: [Boundary: BoundarySpread]
  /// The same of as many runs that were given the reference's own recurrent outputs and states: what another one that
  /// is pinned to it is judged by as well. Empty where that was not measured.
  public package(set) var held: [Boundary: BoundarySpread]

  package init(
    runs: Int, seed: Int? = nil, pinned: String? = nil, boundaries: [Boundary: BoundarySpread] = [:],
    held: [Boundary: BoundarySpread] = [:]
  ) {
    self.runs = runs
    self.seed = seed
    self.pinned = pinned
    self.boundaries = boundaries
    self.held = held
  }
}

/// The root mean square movement of one boundary.
public struct BoundarySpread: Equatable, Sendable {
  /// Over all elements.
  public package(set) var whole: Double
  /// For each axis, of every index along it, over all other axes.
  public package(set) var axes: [[Double]]
  /// Of an integer array, whether any run moved any element.
  public package(set) var moved: Bool?

  package init(whole: Double, axes: [[Double]], moved: Bool? = nil) {
    self.whole = whole
    self.axes = axes
    self.moved = moved
  }
}
