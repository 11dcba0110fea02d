import Recurrent

/// Why two references cannot hold the same network; each pair is of the one whose states are judged, and of the
/// one whose weights they would be judged by.
public enum StructuralDifference: Equatable, Sendable {
  case layerCount(Int, Int)
  case directions(layer: Int, [Direction], [Direction])
  case merge(layer: Int, MergeMode, MergeMode)
  case cell(layer: Int, CellShape, CellShape)

  /// The first difference; nil where the structures agree.
  init?(_ a: Reference, _ b: Reference) {
    guard a.layers.count == b.layers.count else {
      self = .layerCount(a.layers.count, b.layers.count)
      return
    }
    for (index, (own, other)) in zip(a.layers, b.layers).enumerated() {
      let (directions, others) = (own.passes.map(\.direction), other.passes.map(\.direction))
      guard directions == others else {
        self = .directions(layer: index, directions, others)
        return
      }
      guard own.merge == other.merge || own.passes.count == 1 else {
        self = .merge(layer: index, own.merge, other.merge)
        return
      }
      for (pass, otherPass) in zip(own.passes, other.passes) {
        let (shape, otherShape) = (CellShape(pass.cell), CellShape(otherPass.cell))
        guard shape == otherShape else {
          self = .cell(layer: index, shape, otherShape)
          return
        }
      }
    }
    return nil
  }
}

/// The kind and the sizes of a cell.
public struct CellShape: Equatable, Sendable {
  public var kind: CellKind
  /// I
  public var inputSize: Int
  /// H
  public var hiddenSize: Int
  /// P, or H where nothing is projected.
  public var stateSize: Int

  init(_ cell: Cell<Double>) {
    kind = cell.kind
    inputSize = cell.inputSize
    hiddenSize = cell.hiddenSize
    stateSize = cell.stateSize
  }
}
