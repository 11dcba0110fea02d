import Recurrent

/// What one reference holds at a boundary.
struct BoundaryValues {
  var shape: [Int]
  var values: RecordedValues
  /// Whether the elements count, for every index of the first two axes; nil where all do.
  var counted: [Bool]?
  /// What rounding is judged in: the coarsest format that the values may have passed.
  var format: FloatFormat
  var spread: BoundarySpread?
  /// The reference that the spread was measured with the recurrent outputs of; nil where it ran freely.
  var pinned: String?

  /// The same with the first two axes exchanged.
  var exchanged: BoundaryValues {
    var other = self
    let (rows, columns) = (shape[0], shape[1])
    let width = shape.dropFirst(2).reduce(1, *)
    other.shape.swapAt(0, 1)
    switch values {
    case .floats(let values, let format):
      other.values = .floats(Self.exchanged(values.whole.elements, rows, columns, width), format)
    case .integers(let values):
      other.values = .integers(Self.exchanged(values, rows, columns, width))
    }
    other.counted = counted.map { Self.exchanged($0, rows, columns, 1) }
    other.spread?.axes.swapAt(0, 1)
    return other
  }

  private static func exchanged<Value>(
    _ values: [Value], _ rows: Int, _ columns: Int, _ width: Int
  ) -> [Value] {
    var exchanged: [Value] = []
    exchanged.reserveCapacity(values.count)
    for column in 0..<columns {
      for row in 0..<rows {
        let start = (row * columns + column) * width
        exchanged += values[start..<start + width]
      }
    }
    return exchanged
  }
}

extension BoundaryValues {
  /// - Parameter format: that of the reference's coarsest arithmetic.
  init(_ array: RecordedArray, format: FloatFormat) {
    let own = array.values.format ?? format
    self.init(
      shape: array.shape, values: array.values,
      format: own.unitRoundoff >= format.unitRoundoff ? own : format)
  }

  init(_ sequence: RecordedSequence, valid: ValidSteps, format: FloatFormat) {
    self.init(
      shape: [sequence.timesteps, sequence.batch, sequence.features],
      values: .floats(sequence, format),
      counted: valid.areAll
        ? nil
        : (0..<sequence.timesteps).flatMap { t in (0..<sequence.batch).map { valid.contains(t, $0) } },
      format: format)
  }

  init(_ state: Matrix<Double>, format: FloatFormat) {
    self.init(
      shape: [state.rows, state.columns], values: .floats(state.elements, format), format: format)
  }
}

extension [Int] {
  /// An array of this shape, cut along its first axis so that a part of it stays small.
  var parts: [Range<Int>] {
    let count = first ?? 1
    return SequenceWindows(timesteps: count, bytesPerTimestep: 32 * dropFirst().reduce(1, *)).ranges
  }
}

extension RecordedSequence {
  /// The values of some indices along the first axis of an array of that shape.
  func values(_ part: Range<Int>, shape: [Int]) -> [Double] {
    if timesteps == shape.first ?? 1 { return window(part).elements }
    let row = shape.dropFirst().reduce(1, *)
    return Array(whole.elements[part.lowerBound * row..<part.upperBound * row])
  }
}
