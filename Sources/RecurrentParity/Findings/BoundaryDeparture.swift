/// A boundary at which two references differ by more than rounding moves the model.
public struct BoundaryDeparture: Equatable, Sendable {
  /// The two references: whose values differ, and from whose.
  public var reference: String
  /// The name of the reference that is held against it.
  public var other: String
  /// As the first reference names it.
  public var boundary: Boundary
  /// The first reference's name of the layer that is fed or started here; nil at the model's ends.
  public var layer: String?
  /// Its name of the layer before; nil where there is none.
  public var layerBefore: String?
  /// How the two differ.
  public var difference: BoundaryDifference
  /// Whether what rounding moves was measured, and not assumed.
  public var isMeasured: Bool
  /// Whether the two were held against each other with their first two axes exchanged.
  public var isExchanged: Bool
  /// What makes the first reference's array of the other's, where that accounts for their difference.
  public var relation: ArrayRelation?
}

/// How two arrays differ.
public enum BoundaryDifference: Equatable, Sendable {
  /// By so many times what rounding moves the slice.
  case values(ratio: Double, BoundarySlice)
  /// Not a number, which never equals anything, in so many places; the first of them.
  case notANumber(count: Int, first: [Int])
  /// Integers that are not equal, in so many places; the first of them.
  case integers(count: Int, first: [Int])
  /// The shapes of the two, which are not the same.
  case shapes([Int], [Int])
  /// Other steps are valid.
  case validSteps
}

/// A part of an array: all of it, or what has one index along one axis.
public enum BoundarySlice: Equatable, Sendable {
  /// All of the array.
  case whole
  /// What has that index along that axis.
  case at(axis: Int, index: Int)
}
