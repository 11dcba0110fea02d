import Recurrent

/// The states of a pass after every step, as far as they are recorded: h `(T, B, H)`, or `(T, B, P)` where the
/// state is projected; c `(T, B, H)`, an LSTM's only.
public typealias RecordedStates = StatePair<RecordedSequence?, RecordedSequence?>

extension RecordedStates {
  /// All states of a run.
  package init(_ states: States<Double>) {
    self.init(h: RecordedSequence(states.h), c: states.c.map { RecordedSequence($0) })
  }
}

/// The last states that a framework returned, as far as they are recorded: h `(B, H)` or `(B, P)`; c `(B, H)`.
public typealias ReturnedState = StatePair<Matrix<Double>?, Matrix<Double>?>

/// One direction of one layer of a reference.
public struct RecordedPass: Sendable {
  /// Which way it went through time.
  public package(set) var direction: Direction
  /// The cell that the recorded weights make.
  public package(set) var cell: Cell<Double>
  /// Nil means zeros.
  public package(set) var initialState: State<Double>?
  /// The states after every step, as far as they are recorded; h may have been read off the layer's output.
  public package(set) var states: RecordedStates
  /// The format that the run is judged in: the type that the recorded values are stored in, or a lower one that is
  /// declared.
  public package(set) var format: FloatFormat
  /// What the run declares of its arithmetic; nil for that of its storage.
  public package(set) var declared: DeclaredPrecision?
  /// Where the initial state came from; nil where the file does not say.
  public package(set) var initialStateSource: StateSource?
  /// To how many decimals the recorded states were printed on their way; nil where they were not.
  public package(set) var decimals: Int?
  /// As the framework returned it.
  public package(set) var finalState: ReturnedState
  /// Paths of datasets that the pass rests on and that nothing was ever written to: they read as zeros.
  public package(set) var unwritten: [String]

  package init(
    direction: Direction, cell: Cell<Double>, initialState: State<Double>? = nil, states: RecordedStates,
    format: FloatFormat, declared: DeclaredPrecision? = nil, initialStateSource: StateSource? = nil,
    decimals: Int? = nil, finalState: ReturnedState = ReturnedState(), unwritten: [String] = []
  ) {
    self.direction = direction
    self.cell = cell
    self.initialState = initialState
    self.states = states
    self.format = format
    self.declared = declared
    self.initialStateSource = initialStateSource
    self.decimals = decimals
    self.finalState = finalState
    self.unwritten = unwritten
  }

  /// What there is to judge the pass by.
  public var evidence: Evidence {
    if states.h == nil { return .outputs }
    return cell.kind == .lstm && states.c == nil ? .carried : .stepwise
  }

  /// The precision that the recorded values are in: the coarsest that holds them all. States that are all 0 or
  /// ±1 decide nothing: then it is the type that they are stored in.
  public var workingPrecision: FloatFormat {
    let values = StateKind.allCases.compactMap { states[$0] }
    return values.haveTellingValues(1) ? values.formats(coarserThan: format).first ?? format : format
  }

  /// The pass as the framework ran it.
  var run: Pass<Double> { Pass(direction: direction, cell: cell, initialState: initialState) }
}

/// Where a pass's initial state came from.
public enum StateSource: String, CaseIterable, Sendable {
  /// The caller's, or the model's own parameter.
  case given
  /// The model made it of something else.
  case computed
  /// What the pass itself ended with before.
  case carried
}

/// How much a fixture tells of a pass.
public enum Evidence: String, Sendable {
  /// Every state of every step.
  case stepwise
  /// An LSTM's h without its c, which is carried along.
  case carried
  /// No state but what the framework returned.
  case outputs
}
