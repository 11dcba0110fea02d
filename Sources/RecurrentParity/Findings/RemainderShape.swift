/// What the elements beyond their bound look like, where nothing explains them.
public struct RemainderShape: Equatable, Sendable {
  public var pattern: Pattern
  /// How many elements are beyond their bound, of how many.
  public var elements: Int
  public var of: Int
  /// Whether an LSTM's c is within its bound where h is not.
  public var cellStateAgrees: Bool

  public init(_ pattern: Pattern, elements: Int, of: Int, cellStateAgrees: Bool) {
    self.pattern = pattern
    self.elements = elements
    self.of = of
    self.cellStateAgrees = cellStateAgrees
  }

  public enum Pattern: Equatable, Sendable {
    case spike
    case stepOfOneSequence
    case oneUnit
    case oneTimestep
    case everything
    case everythingFrom(timestep: Int)
    case someSequences
    case scattered

    public var name: String {
      switch self {
      case .spike: "spike"
      case .stepOfOneSequence: "step-of-one-sequence"
      case .oneUnit: "one-unit"
      case .oneTimestep: "one-timestep"
      case .everything: "everything"
      case .everythingFrom: "everything-from"
      case .someSequences: "some-sequences"
      case .scattered: "scattered"
      }
    }
  }
}
