import RandomNetworks
import Recurrent
import RecurrentConventions
import Testing

/// A PyTorch module's `state_dict` says everything of a network but its kind and its sizes.
@Suite struct PyTorchParameterTests {
  private static let (input, hidden, batch, timesteps) = (3, 4, 2, 5)

  @Test("The 4·L·D parameters have PyTorch's names, in PyTorch's order, and G·H rows each")
  func names() throws {
    let parameters = try network(.lstm, layers: 2, isBidirectional: true).pyTorchParameters()
    #expect(
      parameters.map(\.name) == [
        "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0",
        "weight_ih_l0_reverse", "weight_hh_l0_reverse", "bias_ih_l0_reverse", "bias_hh_l0_reverse",
        "weight_ih_l1", "weight_hh_l1", "bias_ih_l1", "bias_hh_l1",
        "weight_ih_l1_reverse", "weight_hh_l1_reverse", "bias_ih_l1_reverse", "bias_hh_l1_reverse",
      ])
    // 4 gates of H = 4; the second layer reads both directions.
    let first = [[16, 3], [16, 4], [16], [16]]
    let second = [[16, 8], [16, 4], [16], [16]]
    #expect(parameters.map(\.tensor.shape) == [first, first, second, second].flatMap { $0 })
  }

  @Test("There are 4·L·D parameters with biases, 2·L·D without, and L·D more with a projection")
  func counts() throws {
    for layers in 1...3 {
      for directions in 1...2 {
        for variant in [CellVariant.rnn, .gruResetAfter, .lstm, .lstmProjected] {
          let network = network(variant, layers: layers, isBidirectional: directions == 2)
          let projections = variant == .lstmProjected ? layers * directions : 0
          #expect(try network.pyTorchParameters().count == 4 * layers * directions + projections)
          var plain = network
          for layer in plain.layers.indices {
            for pass in plain.layers[layer].passes.indices {
              let cell = plain.layers[layer].passes[pass].cell
              plain.layers[layer].passes[pass].cell = cell.changing { ($1.biasIH, $1.biasHH) = (nil, nil) }
            }
          }
          #expect(try plain.pyTorchParameters().count == 2 * layers * directions + projections)
        }
      }
    }
  }

  @Test("A projection comes last of its pass, and is (P, H)")
  func projection() throws {
    let parameters = try network(.lstmProjected, layers: 1, isBidirectional: false).pyTorchParameters()
    #expect(
      parameters.map(\.name) == ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", "weight_hr_l0"])
    #expect(parameters.map(\.tensor.shape) == [[16, 3], [16, 2], [16], [16], [2, 4]])
  }

  @Test(
    "The network of the enumerated parameters runs as the nested one, state for state",
    arguments: [(CellVariant.rnn, CellKind.rnn), (.gruResetAfter, .gru), (.lstm, .lstm)], [false, true])
  func sameNetwork(_ cell: (variant: CellVariant, kind: CellKind), isBidirectional: Bool) throws {
    let nested = network(cell.variant, layers: 2, isBidirectional: isBidirectional)
    let shape = StackShape(
      layers: 2, isBidirectional: isBidirectional, inputSize: Self.input, hiddenSize: Self.hidden)
    // A state_dict is read by name, not by order.
    let read = try Network(
      pyTorchParameters: nested.pyTorchParameters().reversed(), shape: shape, kind: cell.kind)
    #expect(try read.pyTorchParameters() == nested.pyTorchParameters())
    var random = Randomness(seed: 71)
    let x: BatchedSequence<Double> = random.sequence(Self.timesteps, Self.batch, Self.input)
    let count = 2 * shape.directions.count
    let h0 = StackedStates((0..<count).map { _ in random.matrix(Self.batch, Self.hidden) })
    let c0 = StackedStates((0..<count).map { _ in random.matrix(Self.batch, Self.hidden) })
    let (a, b) = (read.started(from: h0, c0).run(x), nested.started(from: h0, c0).run(x))
    #expect(a.layers.flatMap { $0.passes.map(\.states) } == b.layers.flatMap { $0.passes.map(\.states) })

    // (L·D, B, H): index l · D + d.
    let last = StackedStates(finalStatesOf: b)
    #expect(last.states.count == count)
    for (l, layer) in b.layers.enumerated() {
      for (d, pass) in layer.passes.enumerated() {
        let index = l * shape.directions.count + d
        #expect(last.states[index] == pass.finalState.h)
        let started = nested.started(from: h0, c0).layers[l].passes[d].initialState
        #expect(started?.h == h0.states[index])
        #expect(started?.c == (cell.kind == .lstm ? c0.states[index] : nil))
      }
    }
    #expect(Set(last.states.map(\.elements)).count == count)
    // Without c_0, c starts from zeros, which is another run for an LSTM and the same for the others.
    let withoutC = nested.started(from: h0).run(x)
    #expect((StackedStates(finalStatesOf: withoutC) == last) == (cell.kind != .lstm))
  }

  @Test("A parameter that is missing, superfluous or of another size is refused by its name")
  func refused() throws {
    let parameters = try network(.gruResetAfter, layers: 2, isBidirectional: true).pyTorchParameters()
    let shape = StackShape(
      layers: 2, isBidirectional: true, inputSize: Self.input, hiddenSize: Self.hidden)
    func error(_ parameters: [NamedParameter], _ shape: StackShape) -> String? {
      #expect(throws: ConventionError.self) {
        try Network(pyTorchParameters: parameters, shape: shape, kind: .gru)
      }?.description
    }
    #expect(error(Array(parameters.dropFirst()), shape) == "weight_ih: expected shape (12, 3), found nothing")
    var smaller = shape
    smaller.layers = 1
    #expect(
      error(parameters, smaller)
        == "bias_hh_l1: expected a parameter of 1 layers, found one that this module does not have")
    var wider = shape
    wider.hiddenSize = 5
    #expect(
      error(parameters, wider) == "weight_ih: expected shape (15, 3), found shape (12, 3)")
  }

  private func network(_ variant: CellVariant, layers: Int, isBidirectional: Bool) -> Network<Double> {
    var random = Randomness(seed: 70)
    let directions: [Direction] = isBidirectional ? [.forward, .backward] : [.forward]
    return Network(
      layers: (0..<layers).map { index in
        Layer(
          passes: directions.map { direction in
            let width = directions.count * variant.stateSize(Self.hidden)
            return Pass(
              direction: direction,
              cell: variant.cell(
                .twoBias, input: index == 0 ? Self.input : width, hidden: Self.hidden, random: &random))
          })
      })
  }
}
