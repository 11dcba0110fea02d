import Recurrent

/// An implementation that keeps its state between calls.
public protocol StreamingCell<Element> {
  /// What it computes in.
  associatedtype Element: ParityElement

  /// At the beginning of its sequences, in the cell's initial state.
  init(_ cell: CellUnderTest<Element>) throws

  /// Goes on by the steps of a chunk.
  mutating func states(of chunk: ChunkUnderTest<Element>) throws -> ComputedStates<Element>
}

extension Implementation {
  /// A value that keeps its state, as `streaming` takes it.
  public static func streaming<Streaming: StreamingCell<Element>>(
    _ type: Streaming.Type, chunks: [[Int]] = [[1], [3, 1]], _ axes: SequenceLayout.Axes = .timeMajor
  ) -> Implementation {
    streaming(Element.self, chunks: chunks, axes) { cell in
      var implementation = try Streaming(cell)
      return { try implementation.states(of: $0) }
    }
  }
}

/// Some steps that follow on those of the chunk before.
public struct ChunkUnderTest<Element: ParityElement>: Sendable {
  /// `(n, B, I)`, or batch-major `(B, n, I)`.
  public let input: ParityTensor<Element>
  /// n
  public let timesteps: Int
  /// B
  public let batch: Int
  /// How many of its steps are valid in each sequence; the others are behind them, and change no state.
  public let lengths: [Int]
  /// How many steps came before.
  public let start: Int
}

/// One way of cutting a pass into chunks.
struct StreamingRun<Element: ParityElement> {
  let cell: CellUnderTest<Element>
  /// In processing order.
  let order: SequenceOrder
  let sizes: [Int]

  /// What was returned is put together time-major.
  var returnedOrder: SequenceOrder {
    SequenceOrder(.processingOrder, valid: order.valid, direction: order.direction)
  }

  func states(
    _ input: BatchedSequence<Double>,
    _ make: (CellUnderTest<Element>) throws -> (ChunkUnderTest<Element>) throws -> ComputedStates<Element>
  ) throws(ImplementationError) -> ComputedStates<Element> {
    guard !sizes.isEmpty, sizes.allSatisfy({ $0 >= 1 }) else {
      throw ImplementationError("chunks", expected: "sizes of at least 1", found: "\(sizes)")
    }
    let sequence: ParityTensor<Element> = returnedOrder.laidOut(input)
    let step = try ImplementationError.wrapping(cell.place) { try make(cell) }
    var whole = ComputedStates<Element>()
    for (number, times) in chunks(of: input.timesteps).enumerated() {
      let place = "\(cell.place), steps \(times.lowerBound) to \(times.upperBound - 1)"
      let chunk = chunk(times, of: sequence, features: input.features)
      let states = try ImplementationError.wrapping(place) { try step(chunk) }
      whole.h = try extended(
        whole.h, by: states.h, "\(place): h", times, cell.stateSize, isFirst: number == 0)
      whole.c = try extended(
        whole.c, by: states.c, "\(place): c", times, cell.hiddenSize, isFirst: number == 0)
      // Of the last chunk they are those of the sequence.
      (whole.finalH, whole.finalC) = (states.finalH, states.finalC)
    }
    return whole
  }

  private func chunks(of timesteps: Int) -> [Range<Int>] {
    var chunks: [Range<Int>] = []
    var start = 0
    while start < timesteps {
      let end = min(start + sizes[chunks.count % sizes.count], timesteps)
      chunks.append(start..<end)
      start = end
    }
    return chunks
  }

  private func chunk(
    _ times: Range<Int>, of sequence: ParityTensor<Element>, features: Int
  ) -> ChunkUnderTest<Element> {
    let batch = order.valid.batch
    let values = Array(
      sequence.values[times.lowerBound * batch * features..<times.upperBound * batch * features])
    let timeMajor = ParityTensor(shape: [times.count, batch, features], values: values)
    return ChunkUnderTest(
      input: order.layout.axes == .timeMajor ? timeMajor : timeMajor.swappingFirstAxes,
      timesteps: times.count, batch: batch,
      lengths: order.laidOutValid.window(times).counts, start: times.lowerBound)
  }

  /// - Parameter isFirst: whether nothing came before, so that there may be none.
  private func extended(
    _ whole: ParityTensor<Element>?, by part: ParityTensor<Element>?, _ place: String, _ times: Range<Int>,
    _ features: Int, isFirst: Bool
  ) throws(ImplementationError) -> ParityTensor<Element>? {
    guard isFirst || (whole == nil) == (part == nil) else {
      throw ImplementationError(
        place, expected: "states of every chunk, or of none",
        found: part == nil ? "none here" : "none of the chunks before")
    }
    guard let part else { return nil }
    let shape = order.layout.shape(timesteps: times.count, batch: order.valid.batch, features: features)
    let checked = try part.checked(shape, place)
    let timeMajor = order.layout.axes == .timeMajor ? checked : checked.swappingFirstAxes
    return ParityTensor(
      shape: [times.upperBound, order.valid.batch, features], values: (whole?.values ?? []) + timeMajor.values
    )
  }
}

extension ParityTensor {
  /// `(A, B, D)` as `(B, A, D)`.
  fileprivate var swappingFirstAxes: ParityTensor {
    let (a, b, d) = (shape[0], shape[1], shape[2])
    var swapped = values
    for i in 0..<a {
      for j in 0..<b {
        for k in 0..<d { swapped[(j * a + i) * d + k] = values[(i * b + j) * d + k] }
      }
    }
    return ParityTensor(shape: [b, a, d], values: swapped)
  }
}
