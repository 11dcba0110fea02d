import Recurrent
import RecurrentConventions

/// A layer as another framework has it.
public struct ConvertedLayer: Sendable {
  /// As the file that it is of calls it.
  public let name: String
  /// The module that it is a layer of there; its own name where it is one by itself.
  public let module: String
  /// The convention that it was read from.
  public let source: Convention
  /// One, or forward and backward.
  public let passes: [ConvertedPass]
  /// How the two outputs become one.
  public let merge: MergeMode

  /// Which cell.
  public var kind: CellKind { passes[0].converted.cell.kind }
  /// Whether it has a backward direction too.
  public var isBidirectional: Bool { passes.count == 2 }
}

/// One direction of a converted layer.
public struct ConvertedPass: Sendable {
  /// Which way it goes through time.
  public let direction: Direction
  /// The cell as the framework has it.
  public let converted: ConvertedCell
}
