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
  /// `(T, B, I)`: what the layer was really fed, where that is recorded.
  public var input: BatchedSequence<Double>?
  /// `(T, B, D · H)`: the merged output as the framework returned it.
  public var output: BatchedSequence<Double>?
  /// One, or forward and backward.
  public var passes: [RecordedPass]
}

/// One direction of one layer of a reference.
public struct RecordedPass: Sendable {
  public var direction: Direction
  public var cell: Cell<Double>
  /// `(B, H)`; nil means zeros.
  public var initialState: Matrix<Double>?
  /// `(T, B, H)`: the state after the step that consumed input t.
  public var h: BatchedSequence<Double>
  /// The type that `h` is stored in.
  public var format: FloatFormat
  /// `(B, H)`, as the framework returned it.
  public var finalState: Matrix<Double>?
}

extension Reference {
  /// The network as the framework ran it, initial states included.
  public var network: Network<Double> {
    Network(
      layers: layers.map { layer in
        Layer(
          passes: layer.passes.map { pass in
            Pass(direction: pass.direction, cell: pass.cell, initialState: pass.initialState)
          })
      })
  }
}

extension RecordedPass {
  /// The precision that the recorded values are in: the coarsest that holds them all.
  public var workingPrecision: FloatFormat { format.coarser(holding: h.elements) ?? format }
}
