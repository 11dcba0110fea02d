import Networks
import ParityTesting
import XCTest

/// One streaming LSTM for each sequence of a batch.
private struct BatchOfStreams: StreamingCell {
  private var streams: [StreamingLSTM<PlatformMath>] = []

  init(_ cell: CellUnderTest<Float>) throws {
    for (h, c) in zip(cell.initialState.h.rows, cell.initialState.c.rows) {
      streams.append(
        StreamingLSTM(
          kernel: try cell.weights["kernel"].values,
          recurrentKernel: try cell.weights["recurrent_kernel"].values,
          bias: try cell.weights["bias"].values, h: h, c: c))
    }
  }

  mutating func states(of chunk: ChunkUnderTest<Float>) -> ComputedStates<Float> {
    var (h, c): ([[[Float]]], [[[Float]]]) = ([], [])
    for t in 0..<chunk.timesteps {
      for b in streams.indices where t < chunk.lengths[b] { streams[b].step(Array(chunk.input.row(t, b))) }
      h.append(streams.map(\.h))
      c.append(streams.map(\.c))
    }
    return .states(h: h, c: c).ending(h: streams.map(\.h), c: streams.map(\.c))
  }
}

final class StreamingLSTMTests: XCTestCase {
  func testStepByStepAndInChunks() {
    expectParity(
      withFixtureAt: fixtures + "stackedbilstm-ragged.h5", reference: "keras",
      of: .streaming(BatchOfStreams.self, chunks: [[1], [3, 1], [5]]))
  }
}
