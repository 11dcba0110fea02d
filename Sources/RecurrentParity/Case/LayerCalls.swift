/// How the calls of a module were put together to one layer.
public struct LayerCalls: Equatable, Sendable {
  /// How several calls of one module are one layer.
  public enum Kind: String, CaseIterable, Sendable {
    /// It was called once.
    case single
    /// Along T: each call was given the state that the one before returned.
    case chained
    /// Along B: each call is sequences of its own.
    case stacked
  }

  /// How the calls hang together.
  public package(set) var kind: Kind
  /// How many there were.
  public package(set) var count: Int
  /// T of each call of a chain, B of each of a stack.
  public package(set) var sizes: [Int]

  package init(kind: Kind, count: Int, sizes: [Int]) {
    self.kind = kind
    self.count = count
    self.sizes = sizes
  }
}
