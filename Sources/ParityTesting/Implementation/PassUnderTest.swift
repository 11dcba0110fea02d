import Recurrent

/// One direction of one layer with its input, as an implementation under test is given it.
///
/// Weights, initial state, sizes and options are those of its cell: `pass.weights["weight_ih"]`, `pass.hiddenSize`.
@dynamicMemberLookup
public struct PassUnderTest<Element: ParityElement>: Sendable {
  /// What to compute with.
  public let cell: CellUnderTest<Element>
  /// `(T, B, I)`, or as the layout says: what the reference's layer was fed.
  public let input: ParityTensor<Element>
  /// T
  public let timesteps: Int
  /// B
  public let batch: Int
  /// Which steps are valid, by the index of the layout.
  public let valid: ValidSteps

  /// How many steps of each sequence are valid; the others are behind them.
  ///
  /// - Throws: `ImplementationError` where a mask leaves out other steps: see `valid`.
  public var lengths: [Int] {
    get throws(ImplementationError) { try valid.lengths(at: cell.place) }
  }

  /// What the cell has under that name.
  public subscript<Value>(dynamicMember member: KeyPath<CellUnderTest<Element>, Value>) -> Value {
    cell[keyPath: member]
  }
}

/// A whole network, as an implementation under test is given it.
public struct NetworkUnderTest<Element: ParityElement>: Sendable {
  /// In the order data flows.
  public let layers: [LayerUnderTest<Element>]
  /// `(T, B, I)`, or as the layout says.
  public let input: ParityTensor<Element>
  /// T
  public let timesteps: Int
  /// B
  public let batch: Int
  /// Which steps are valid.
  public let valid: ValidSteps

  /// How many steps of each sequence are valid; the others are behind them.
  ///
  /// - Throws: `ImplementationError` where a mask leaves out other steps: see `valid`.
  public var lengths: [Int] {
    get throws(ImplementationError) { try valid.lengths(at: "network") }
  }
}

/// One layer of a network.
public struct LayerUnderTest<Element: ParityElement>: Sendable {
  /// The layer's path in the model that was recorded.
  public let name: String
  /// How the outputs of two directions become one.
  public let merge: MergeMode
  /// One, or forward and backward.
  public let passes: [CellUnderTest<Element>]
}

extension ValidSteps {
  fileprivate func lengths(at place: String) throws(ImplementationError) -> [Int] {
    guard let lengths else {
      throw ImplementationError(
        "\(place): lengths", expected: "padding behind the steps alone",
        found: "a mask: read `valid`, or take the steps in `.processingOrder`")
    }
    return lengths
  }
}
