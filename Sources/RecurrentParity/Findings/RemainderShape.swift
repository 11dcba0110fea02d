import Recurrent

/// What the elements beyond their bound look like, where nothing explains them: what carries the fault, what still
/// agrees, what comes near, and what to do next.
public struct RemainderShape: Equatable, Sendable {
  /// Which elements they are.
  public var pattern: Pattern
  /// How many elements are beyond their bound, of how many.
  public var elements: Int
  /// How many elements there are.
  public var of: Int
  /// What the first step of each sequence shows; nil where that is nothing in particular.
  public var firstStep: FirstStep?
  /// Of an LSTM whose h and c are both recorded: which of its gates can be to blame, by unit.
  public var cellState: CellState?
  /// Whether an LSTM's c is not recorded, and is carried along from the initial state.
  public var isCarried = false
  /// Where the state is another function of what goes into the activation than any known one.
  public var activation: ObservedActivation?
  /// What is as it should be.
  public var agreements: [Agreement] = []
  /// What comes nearest of all that was tried, and is not it.
  public var nearest: [NearMiss] = []
  /// What would tell more, the most telling first.
  public var next: [NextStep] = []

  /// So many elements of so many, in that pattern.
  public init(_ pattern: Pattern, elements: Int, of: Int) {
    self.pattern = pattern
    self.elements = elements
    self.of = of
  }

  /// Which elements are beyond their bound.
  public enum Pattern: Equatable, Sendable {
    /// A single one.
    case spike
    /// One timestep of one sequence.
    case stepOfOneSequence
    /// One unit.
    case oneUnit
    /// One timestep.
    case oneTimestep
    /// All, or nearly all.
    case everything
    /// All from a timestep on, and nothing before it.
    case everythingFrom(timestep: Int)
    /// From the beginning up to a timestep, and nothing from then on.
    case everythingUntil(timestep: Int)
    /// A few sequences, and most of each.
    case someSequences
    /// A few timesteps, and most of each.
    case someTimesteps
    /// A few units, and most of each.
    case someUnits
    /// All timesteps, sequences and units, and not nearly every element.
    case throughout
    /// A few, without any of these shapes.
    case scattered

    /// As in reports.
    public var name: String {
      switch self {
      case .spike: "spike"
      case .stepOfOneSequence: "step-of-one-sequence"
      case .oneUnit: "one-unit"
      case .oneTimestep: "one-timestep"
      case .everything: "everything"
      case .everythingFrom: "everything-from"
      case .everythingUntil: "everything-until"
      case .someSequences: "some-sequences"
      case .someTimesteps: "some-timesteps"
      case .someUnits: "some-units"
      case .throughout: "throughout"
      case .scattered: "scattered"
      }
    }
  }

  /// The step that starts from the initial state.
  public enum FirstStep: Equatable, Sendable {
    /// Nothing else is off.
    case alone
    /// Everything else is off, and it starts from zeros: the recurrent product and these gates had no part in it.
    case rightFromZeros(idle: [GateKind])
    /// Everything else is off, and it starts from a state that is not zero.
    case rightFromState
    /// It is off as everything else is, and starts from zeros.
    case wrongFromZeros
  }

  /// The units whose c is beyond its bound, and those of which only h is.
  public struct CellState: Equatable, Sendable {
    /// Ascending, as the other is.
    public var off: [Int]
    /// Those of which only h is beyond its bound.
    public var right: [Int]
  }

  /// What is as it should be beside what is not.
  public enum Agreement: Equatable, Sendable {
    /// The returned final state is that of the formula's own run from the input.
    case finalState(StateKind)
    /// The layer's other direction matches.
    case otherDirection
    /// The states of that reference are those of the weights that this run is judged by.
    case reference(String)
  }

  /// Something that was tried, and how much of what is beyond its bound stays there with it.
  public struct NearMiss: Equatable, Sendable {
    /// What was assumed, together.
    public var mistakes: [Mistake]
    /// 0 … 1
    public var left: Double

    /// Their names, joined with `+`.
    public var name: String { mistakes.map(\.name).joined(separator: "+") }
  }

  /// What would tell more.
  public enum NextStep: String, Sendable {
    /// Record an LSTM's c of every step.
    case recordCellState = "record-c"
    /// Record the layer's own input.
    case recordLayerInput = "record-the-layer-input"
    /// Start from an initial state that is not zero.
    case startFromState = "start-from-a-state"
    /// Start from zeros.
    case startFromZeros = "start-from-zeros"
    /// Record one sequence alone, without padding.
    case recordAlone = "record-one-sequence-alone"
    /// Record longer sequences.
    case recordLonger = "record-longer-sequences"
    /// See that the model is in evaluation mode.
    case evaluationMode = "evaluation-mode"
  }
}

extension [Finding] {
  /// Adds to what is said of what nothing explains.
  func changingRemainders(_ change: (inout RemainderShape) -> Void) -> [Finding] {
    map { finding in
      guard case .remainder(var shape) = finding.subject else { return finding }
      change(&shape)
      var finding = finding
      finding.subject = .remainder(shape)
      return finding
    }
  }
}
