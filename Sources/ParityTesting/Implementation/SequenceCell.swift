/// An implementation that runs over a whole sequence at once.
public protocol SequenceCell<Element> {
  /// What it computes in.
  associatedtype Element: ParityElement

  /// With the weights of a reference.
  init(_ cell: CellUnderTest<Element>) throws

  /// What it computes of a pass, from the pass's initial state.
  func states(of pass: PassUnderTest<Element>) throws -> ComputedStates<Element>
}

extension Implementation {
  /// A value that runs over a whole sequence, as `pass` takes it.
  public static func pass<SequenceType: SequenceCell<Element>>(
    _ type: SequenceType.Type, _ layout: SequenceLayout = .standard
  ) -> Implementation {
    pass(Element.self, layout) { try SequenceType($0.cell).states(of: $0) }
  }
}
