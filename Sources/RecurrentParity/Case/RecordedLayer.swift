import Recurrent

/// One layer of a reference.
public struct RecordedLayer: Sendable {
  /// The layer's path in the user's model.
  public package(set) var name: String
  /// How the outputs of its two directions become one.
  public package(set) var merge: MergeMode
  /// `(T, B, I)`: what the layer was really fed, where that is recorded.
  public package(set) var input: RecordedSequence?
  /// Which steps of its own input are valid, where it has axes of its own; nil for the case's.
  public package(set) var valid: ValidSteps?
  /// The merged output as the framework returned it: `(T, B, D · H)` concatenated, else `(T, B, H)`.
  public package(set) var output: RecordedSequence?
  /// One, or forward and backward.
  public package(set) var passes: [RecordedPass]
  /// The module's path in the model, where that is not the layer's own name.
  public package(set) var module: String?
  /// What a sequence without a valid step returns as its final state.
  public package(set) var emptyFinal: EmptyFinal
  /// Options that no formula here has, in name order: what they do cannot be judged.
  public package(set) var otherOptions: [OtherOption]
  /// How the module was called; nil where the file does not say.
  public package(set) var calls: LayerCalls?
  /// A label: layers of two references that have an equal one are one, whatever names and weights say.
  public package(set) var pair: String?

  /// What is known to be consistent.
  package init(
    name: String, merge: MergeMode, input: RecordedSequence?, valid: ValidSteps?, output: RecordedSequence?,
    passes: [RecordedPass], module: String?, emptyFinal: EmptyFinal, otherOptions: [OtherOption],
    calls: LayerCalls?, pair: String?
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

  /// The width of the merged output.
  package var outputSize: Int {
    let width = passes.first?.cell.stateSize ?? 0
    return merge == .concat ? passes.count * width : width
  }

  /// Whether anything at all is recorded of it that a verdict can rest on.
  package var hasEvidence: Bool {
    output != nil
      || passes.contains { $0.states.h != nil || $0.finalState.h != nil || $0.finalState.c != nil }
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
