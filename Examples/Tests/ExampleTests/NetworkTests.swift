import Networks
import ParityTesting
import Testing

extension LSTM: SequenceCell where Element: ParityElement {
  /// With the weights of a reference of PyTorch's.
  public init(_ cell: CellUnderTest<Element>) throws {
    let weights = cell.weights
    self.init(
      weightIH: Matrix(columns: cell.inputSize, elements: try weights["weight_ih"].values),
      weightHH: Matrix(columns: cell.hiddenSize, elements: try weights["weight_hh"].values),
      biasIH: try weights["bias_ih"].values, biasHH: try weights["bias_hh"].values,
      initialH: cell.initialState.h.rows, initialC: cell.initialState.c.rows)
  }

  /// Of sequences that are batch-major.
  public func states(of pass: PassUnderTest<Element>) -> ComputedStates<Element> {
    let runs = (0..<pass.batch).map { b in
      run((0..<pass.timesteps).map { Array(pass.input.row(b, $0)) }, sequenceNumber: b)
    }
    return .states(h: runs.map(\.h), c: runs.map(\.c))
  }
}

@Suite struct NetworkTests {
  @Test func wholeNetworkIsThatOfPyTorch() {
    expectParity(
      withFixtureAt: fixtures + "stackedbilstm-ragged.h5", reference: "pytorch",
      of: .network(Float.self, .batchMajor) { given in
        let network = Network(
          layers: try given.layers.map { (try LSTM($0.passes[0]), try LSTM($0.passes[1])) })
        let sequences = (0..<given.batch).map { b in
          (0..<given.timesteps).map { Array(given.input.row(b, $0)) }
        }
        return .output(network.run(sequences, lengths: try given.lengths))
      })
  }

  @Test func everyPassIsThatOfPyTorchInDouble() { expectEveryPass(Double.self) }
  @Test func everyPassIsThatOfPyTorchInFloat() { expectEveryPass(Float.self) }
  #if !(os(macOS) && arch(x86_64))
    @Test func everyPassIsThatOfPyTorchInFloat16() { expectEveryPass(Float16.self) }
  #endif

  /// One direction of one layer at a time: the LSTM knows nothing of directions, so it is given the steps in the order
  /// in which the pass reads them.
  private func expectEveryPass<Element: ParityElement>(_ type: Element.Type) {
    expectParity(
      withFixtureAt: fixtures + "stackedbilstm.h5", reference: "pytorch",
      of: .pass(LSTM<Element>.self, SequenceLayout(axes: .batchMajor, steps: .processingOrder)))
  }
}
