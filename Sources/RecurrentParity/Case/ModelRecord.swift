/// What is recorded of a model around its recurrent layers.
public struct ModelRecord: Sendable {
  /// What the model was given, in name order.
  public package(set) var inputs: [RecordedArray]
  /// What the model returned, in name order.
  public package(set) var outputs: [RecordedArray]
  /// Recurrent modules that are not recorded.
  public package(set) var leftOut: [LeftOutModule]
  /// Paths of recurrent modules that were not called.
  public package(set) var unused: [String]
  /// Modules that were called again and again.
  public package(set) var repeated: [RepeatedModule]
  /// How far rounding moves the boundaries; nil where that was not measured.
  public package(set) var spread: ModelSpread?
  /// What of the run was kept, for a file that is easily sent; nil where that is all of it.
  public package(set) var trimmed: ModelTrimming?

  package init(
    inputs: [RecordedArray] = [], outputs: [RecordedArray] = [], leftOut: [LeftOutModule] = [],
    unused: [String] = [], repeated: [RepeatedModule] = [], spread: ModelSpread? = nil,
    trimmed: ModelTrimming? = nil
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.leftOut = leftOut
    self.unused = unused
    self.repeated = repeated
    self.spread = spread
    self.trimmed = trimmed
  }

  /// Whether something recurrent is missing that the user did not leave out: nothing can be said of the whole.
  var isIncomplete: Bool { leftOut.contains { $0.by == .recorder } }
}

/// A recurrent module that was not recorded.
public struct LeftOutModule: Equatable, Sendable {
  /// Its path in the model.
  public package(set) var path: String
  /// The name of its class.
  public package(set) var type: String
  /// Who left it out.
  public package(set) var by: LeavingOut
  /// The reason, in words.
  public package(set) var why: String

  package init(path: String, type: String, by: LeavingOut, why: String) {
    self.path = path
    self.type = type
    self.by = by
    self.why = why
  }
}

/// Who left a module out.
public enum LeavingOut: String, CaseIterable, Sendable {
  /// The user asked for it.
  case user
  /// The recorder could not record it.
  case recorder
}

/// A module that was called again and again, as hand-written recurrences are.
public struct RepeatedModule: Equatable, Sendable {
  /// Its path in the model.
  public package(set) var path: String
  /// The name of its class.
  public package(set) var type: String
  /// How often it was called.
  public package(set) var calls: Int
  /// What the recorder says of it, in words.
  public package(set) var why: String

  package init(path: String, type: String, calls: Int, why: String) {
    self.path = path
    self.type = type
    self.calls = calls
    self.why = why
  }
}

/// At most the first steps and sequences of every layer, and neither the model's inputs nor its outputs.
public struct ModelTrimming: Equatable, Sendable {
  /// At most so many timesteps of each layer were kept.
  public package(set) var steps: Int
  /// At most so many sequences of each layer were kept.
  public package(set) var sequences: Int

  package init(steps: Int, sequences: Int) {
    self.steps = steps
    self.sequences = sequences
  }
}
