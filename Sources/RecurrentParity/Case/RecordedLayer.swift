import Recurrent

/// One layer of a reference.
public struct RecordedLayer: Sendable {
  /// The layer's path in the user's model.
  public var name: String
  /// How the outputs of its two directions become one.
  public var merge: MergeMode
  /// `(T, B, I)`: what the layer was really fed, where that is recorded.
  public var input: RecordedSequence?
  /// Which steps of its own input are valid, where it has axes of its own; nil for the case's.
  public var valid: ValidSteps?
  /// The merged output as the framework returned it: `(T, B, D · H)` concatenated, else `(T, B, H)`.
  public var output: RecordedSequence?
  /// One, or forward and backward.
  public var passes: [RecordedPass]
  /// The module's path in the model, where that is not the layer's own name.
  public var module: String?
  /// What a sequence without a valid step returns as its final state.
  public var emptyFinal: EmptyFinal
  /// Options that no formula here has, each as "name value": what they do cannot be judged.
  public var otherOptions: [String]
  /// How the module was called; nil where the file does not say.
  public var calls: LayerCalls?
  /// A label: layers of two references that have an equal one are one, whatever names and weights say.
  public var pair: String?

  package init(
    name: String, merge: MergeMode = .concat, input: RecordedSequence? = nil,
    valid: ValidSteps? = nil, output: RecordedSequence? = nil,
    passes: [RecordedPass], module: String? = nil, emptyFinal: EmptyFinal = .initial,
    otherOptions: [String] = [], calls: LayerCalls? = nil, pair: String? = nil
  ) {
    self.name = name
    self.merge = merge
    self.input = input
    self.valid = valid
    self.output = output
    self.passes = passes
    self.module = module
    self.emptyFinal = emptyFinal
    self.otherOptions = otherOptions
    self.calls = calls
    self.pair = pair
  }

  /// Whether h of every pass is recorded.
  var hasStates: Bool { passes.allSatisfy { $0.states.h != nil } }

  /// What the recorded states merge to, rounded once as the framework does; nil where a pass has no states.
  var mergedStates: RecordedSequence? {
    let parts = passes.compactMap(\.states.h)
    guard parts.count == passes.count else { return nil }
    return merge.merged(parts, rounding: passes[0].format)
  }
}

/// The final state of a sequence without a valid step.
public enum EmptyFinal: String, CaseIterable, Sendable {
  /// It is carried from the beginning.
  case initial
  /// Zeros.
  case zeros
}
