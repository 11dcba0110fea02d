import Recurrent
import RecurrentConventions

/// One fixture: one input sequence, and what one or more frameworks computed for it.
public struct ParityCase: Sendable {
  /// The file it was read from, as the caller named it.
  public var file: String
  public var name: String
  public var summary: String?
  public var seed: Int?
  /// `(T, B, I)`.
  public var input: BatchedSequence<Double>
  /// The type that `input` is stored in.
  public var inputFormat: FloatFormat
  /// `(B)`: valid steps of each sequence.
  public var lengths: [Int]
  /// In name order.
  public var references: [Reference]
}

/// What one framework computed, with the weights it used.
public struct Reference: Sendable {
  public var name: String
  public var framework: String
  public var frameworkVersion: String
  public var convention: Convention
  /// A JSON object, as recorded.
  public var environment: String?
  /// In the order data flows.
  public var layers: [RecordedLayer]
}

/// One layer of a reference.
public struct RecordedLayer: Sendable {
  /// The layer's path in the user's model.
  public var name: String
  public var merge: MergeMode
  /// `(T, B, I)`: what the layer was really fed, where that is recorded.
  public var input: BatchedSequence<Double>?
  /// The merged output as the framework returned it: `(T, B, D · H)` concatenated, else `(T, B, H)`.
  public var output: BatchedSequence<Double>?
  /// One, or forward and backward.
  public var passes: [RecordedPass]
}

/// One direction of one layer of a reference.
public struct RecordedPass: Sendable {
  public var direction: Direction
  public var cell: Cell<Double>
  /// Nil means zeros.
  public var initialState: State<Double>?
  /// The states after every step, as far as they are recorded; h may have been read off the layer's output.
  public var states: RecordedStates
  /// The type that the recorded values are stored in.
  public var format: FloatFormat
  /// As the framework returned it.
  public var finalState: ReturnedState
}

/// The states of a pass, as far as they are recorded.
public struct RecordedStates: Equatable, Sendable {
  /// `(T, B, H)`, or `(T, B, P)` where the state is projected: the state after the step that consumed input t.
  public var h: BatchedSequence<Double>?
  /// `(T, B, H)`, an LSTM's only.
  public var c: BatchedSequence<Double>?

  public init(h: BatchedSequence<Double>? = nil, c: BatchedSequence<Double>? = nil) {
    self.h = h
    self.c = c
  }
}

/// The last states that a framework returned, as far as they are recorded.
public struct ReturnedState: Equatable, Sendable {
  /// `(B, H)` or `(B, P)`
  public var h: Matrix<Double>?
  /// `(B, H)`, an LSTM's only.
  public var c: Matrix<Double>?

  public init(h: Matrix<Double>? = nil, c: Matrix<Double>? = nil) {
    self.h = h
    self.c = c
  }
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

extension RecordedPass {
  public var evidence: Evidence {
    if states.h == nil { return .outputs }
    return cell.kind == .lstm && states.c == nil ? .carried : .stepwise
  }

  /// The precision that the recorded values are in: the coarsest that holds them all. States that are all 0 or
  /// ±1 decide nothing: then it is the type that they are stored in.
  public var workingPrecision: FloatFormat {
    let values = [states.h, states.c].compactMap { $0?.elements }.joined()
    let decides = values.contains { $0 != 0 && $0.magnitude != 1 }
    return decides ? format.coarser(holding: values).first ?? format : format
  }
}

extension Reference {
  /// The network as the framework ran it, initial states included.
  public var network: Network<Double> {
    Network(
      layers: layers.map { layer in Layer(passes: layer.passes.map(\.run), merge: layer.merge) })
  }
}

extension RecordedPass {
  /// The pass as the framework ran it.
  var run: Pass<Double> { Pass(direction: direction, cell: cell, initialState: initialState) }
}
