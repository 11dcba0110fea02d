import Recurrent

/// What a layer was fed: recorded, or known to within a radius where only a layer below can tell.
struct LayerInput: Sendable {
  /// `(T, B, I)`
  let values: BatchedSequence<Double>
  /// Of every element; nil where the input is recorded.
  let spread: (radius: [Double], scale: [Double])?
  /// The formats that hold every value, found once for all that is tried on this input.
  private let formats: [FloatFormat]

  init(values: BatchedSequence<Double>, spread: (radius: [Double], scale: [Double])? = nil) {
    self.values = values
    self.spread = spread
    formats = FloatFormat.all.filter { $0.holds(all: values.elements) }
  }

  func isHeld(by format: FloatFormat) -> Bool { formats.contains(format) }
}
