import Recurrent

/// Why two references cannot hold the same network; each pair is of the one whose states are judged, and of the
/// one whose weights they would be judged by.
public enum StructuralDifference: Equatable, Sendable {
  /// The numbers of layers.
  case layerCount(Int, Int)
  /// The directions of a layer.
  case directions(layer: Int, [Direction], [Direction])
  /// The merge modes of a layer.
  case merge(layer: Int, MergeMode, MergeMode)
  /// The cells of a layer, or their sizes.
  case cell(layer: Int, CellShape, CellShape)

  /// Layers for which nothing in the other reference has their shape or their weights; of the one that is judged, and
  /// of the other.
  case unpaired([LayerShape], [LayerShape])

  /// The first difference; nil where the structures agree.
  init?(_ a: Reference, _ b: Reference) {
    guard a.layers.count == b.layers.count else {
      self = .layerCount(a.layers.count, b.layers.count)
      return
    }
    for (index, (own, other)) in zip(a.layers, b.layers).enumerated() {
      if let difference = StructuralDifference(layer: index, own, other) {
        self = difference
        return
      }
    }
    return nil
  }

  /// The first difference of two layers; nil where they agree.
  ///
  /// - Parameter index: the number by which the layer is named.
  init?(layer index: Int, _ own: RecordedLayer, _ other: RecordedLayer) {
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
    return nil
  }

  /// What is left after the layers were paired; nil where each has its partner.
  init?(_ a: Reference, _ b: Reference, paired pairing: LayerPairing) {
    let (own, others) = pairing.unpaired
    guard !own.isEmpty || !others.isEmpty else { return nil }
    if a.model == nil || b.model == nil, let difference = StructuralDifference(a, b) {
      self = difference
      return
    }
    self = .unpaired(own.map { LayerShape(a.layers[$0]) }, others.map { LayerShape(b.layers[$0]) })
  }
}

/// What two layers must have in common to be one.
public struct LayerShape: Equatable, Sendable {
  /// Its name in the model.
  public var name: String
  /// Forward first.
  public var directions: [Direction]
  /// How their outputs become one.
  public var merge: MergeMode
  /// Of each direction.
  public var cells: [CellShape]

  init(_ layer: RecordedLayer) {
    name = layer.name
    directions = layer.passes.map(\.direction)
    merge = layer.merge
    cells = layer.passes.map { CellShape($0.cell) }
  }
}

/// The kind and the sizes of a cell.
public struct CellShape: Equatable, Sendable {
  /// Which cell.
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
