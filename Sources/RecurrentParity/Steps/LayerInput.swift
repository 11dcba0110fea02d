import Recurrent

/// What a layer was fed: recorded, or known to within a radius where only a layer below can tell.
struct LayerInput: Sendable {
  /// `(T, B, I)`
  let values: RecordedSequence
  /// Of every element; nil where the input is recorded.
  let spread: (radius: RecordedSequence, scale: RecordedSequence)?
  /// The formats that hold every value, found once for all that is tried on this input.
  private let formats: Memo<[FloatFormat]>
  private let known: RecordedSequence

  init(values: RecordedSequence, spread: (radius: RecordedSequence, scale: RecordedSequence)? = nil) {
    self.values = values
    self.spread = spread
    formats = Memo()
    known = values
  }

  /// Some steps of an input, which are in the formats that all of it is in.
  init(
    values: RecordedSequence, spread: (radius: RecordedSequence, scale: RecordedSequence)?,
    sampledFrom input: LayerInput
  ) {
    self.values = values
    self.spread = spread
    formats = input.formats
    known = input.known
  }

  func isHeld(by format: FloatFormat) -> Bool {
    if format.holdsAll(of: values.storage) { return true }
    return formats.value { known.formats }.contains(format)
  }
}

extension RecordedSequence {
  /// The formats that hold every value.
  var formats: [FloatFormat] {
    var formats = FloatFormat.all
    for times in windows() where !formats.isEmpty {
      let elements = window(times).elements
      formats.removeAll { !$0.holdsAll(of: storage) && !$0.holds(all: elements) }
    }
    return formats
  }
}
