import RandomNetworks
import Recurrent
import Testing

/// What holds of a scan holds for every cell, of both its states.
@Suite struct GatedScanTests {
  private static let (timesteps, batch, input, hidden) = (6, 4, 5, 7)
  private static let lengths = [3, 6, 1, 4]

  @Test("Each state is one step from the state processed before it", arguments: CellVariant.allCases)
  func steps(_ variant: CellVariant) throws {
    for direction in Direction.allCases {
      let (pass, x): (Pass<Double>, BatchedSequence<Double>) = random(variant, direction)
      let trace = pass.scan(x)
      var state = try #require(pass.initialState)
      for t in direction == .forward ? [0, 1, 2, 3, 4, 5] : [5, 4, 3, 2, 1, 0] {
        state = pass.cell.step(x: x[t], state)
        #expect(trace.states.h[t] == state.h)
        #expect(trace.states.c?[t] == state.c)
      }
      #expect(trace.finalState == state)
      #expect((state.c != nil) == (pass.cell.kind == .lstm))
    }
  }

  @Test(
    "A run that goes on from its final states, h_n and c_n, is one long run, to the bit",
    arguments: Precision.allCases, CellVariant.allCases)
  func statePassing(_ precision: Precision, _ variant: CellVariant) {
    check(precision.type)

    func check<S: Scalar>(_: S.Type) {
      for direction in Direction.allCases {
        let (whole, x): (Pass<S>, BatchedSequence<S>) = random(variant, direction)
        let long = whole.scan(x)
        for cut in 1..<Self.timesteps {
          let parts = [x.times(0..<cut), x.times(cut..<Self.timesteps)]
          // The backward direction processes the later part first.
          let order = direction == .forward ? [0, 1] : [1, 0]
          let first = whole.scan(parts[order[0]])
          var rest = whole
          rest.initialState = first.finalState
          let second = rest.scan(parts[order[1]])
          let traces = direction == .forward ? [first, second] : [second, first]
          #expect(traces.flatMap(\.states.h.elements) == long.states.h.elements)
          #expect(traces.flatMap { $0.states.c?.elements ?? [] } == long.states.c?.elements ?? [])
          #expect(second.finalState == long.finalState)
          // Without c_n an LSTM's run is another one; without h_n, any cell's.
          rest.initialState?.c = first.finalState.c.map { Matrix(zeros: $0.rows, $0.columns) }
          #expect((rest.scan(parts[order[1]]).states != second.states) == (whole.cell.kind == .lstm))
          rest.initialState = nil
          #expect(rest.scan(parts[order[1]]).states != second.states)
        }
      }
    }
  }

  @Test(
    "A sequence of a ragged batch is the same sequence run alone at its own length, c included",
    arguments: Precision.allCases, CellVariant.allCases)
  func ragged(_ precision: Precision, _ variant: CellVariant) throws {
    try check(precision.type)

    func check<S: Scalar>(_: S.Type) throws {
      for direction in Direction.allCases {
        let (pass, x): (Pass<S>, BatchedSequence<S>) = random(variant, direction)
        // What stands beyond a sequence's length is never read, and nothing is written there.
        var spoiled = x
        for (b, length) in Self.lengths.enumerated() {
          for t in length..<Self.timesteps { spoiled[t, b, 0] = .nan }
        }
        let together = pass.scan(spoiled, lengths: Self.lengths)
        for (b, length) in Self.lengths.enumerated() {
          var single = pass
          let start = try #require(pass.initialState)
          single.initialState = State(h: start.h.single(b), c: start.c?.single(b))
          let alone = single.scan(x.single(b, length: length))
          #expect(together.states.h.single(b, length: length) == alone.states.h)
          #expect(together.states.c?.single(b, length: length) == alone.states.c)
          #expect(together.finalState.h.single(b) == alone.finalState.h)
          #expect(together.finalState.c?.single(b) == alone.finalState.c)
          for sequence in [together.states.h, together.states.c].compactMap({ $0 }) {
            for t in length..<Self.timesteps {
              #expect(sequence.elements[sequence.range(t, b)].allSatisfy { $0 == 0 })
            }
          }
        }
      }
    }
  }

  @Test(
    "A layer that goes backwards is a forward one over the reversed input, read in reverse",
    arguments: CellVariant.allCases)
  func goBackwards(_ variant: CellVariant) {
    let (backward, x): (Pass<Float>, BatchedSequence<Float>) = random(variant, .backward)
    var forward = backward
    forward.direction = .forward
    let (a, b) = (backward.scan(x), forward.scan(x.turned))
    #expect(a.states == States(h: b.states.h.turned, c: b.states.c?.turned))
    #expect(a.finalState == b.finalState)
    #expect(a.states != forward.scan(x).states)
  }

  @Test(
    "A bidirectional layer's output is its two directions merged element by element, or side by side",
    arguments: MergeMode.allCases, CellVariant.allCases)
  func merged(_ mode: MergeMode, _ variant: CellVariant) {
    var numbers = Randomness(seed: 51)
    let passes: [Pass<Float>] = Direction.allCases.map {
      variant.pass($0, input: Self.input, hidden: Self.hidden, batch: Self.batch, random: &numbers)
    }
    let x: BatchedSequence<Float> = numbers.sequence(Self.timesteps, Self.batch, Self.input)
    let trace = Layer(passes: passes, merge: mode).run(x, lengths: Self.lengths)
    let (f, b) = (
      passes[0].scan(x, lengths: Self.lengths).states.h, passes[1].scan(x, lengths: Self.lengths).states.h
    )
    let width = variant.stateSize(Self.hidden)
    #expect(trace.output.features == (mode == .concat ? 2 * width : width))
    for t in 0..<Self.timesteps {
      for n in 0..<Self.batch {
        for unit in 0..<width {
          let (p, q) = (f[t, n, unit], b[t, n, unit])
          let found = trace.output[t, n, unit]
          switch mode {
          case .concat:
            #expect(found == p)
            #expect(trace.output[t, n, width + unit] == q)
          case .sum: #expect(found == p + q)
          case .mul: #expect(found == p * q)
          case .ave: #expect(found == (p + q) / 2)
          }
        }
      }
    }
  }

  @Test("Layers of different kind, size and direction make one stack, each fed what the one below returns")
  func mixedStack() {
    var numbers = Randomness(seed: 52)
    func pass(_ variant: CellVariant, _ direction: Direction, _ I: Int, _ H: Int) -> Pass<Double> {
      variant.pass(direction, input: I, hidden: H, batch: Self.batch, random: &numbers)
    }
    let layers = [
      Layer(passes: [pass(.gruResetAfter, .forward, Self.input, 6)]),
      // 5 units projected to 3, and a GRU of 3: what is merged must only be as wide.
      Layer(
        passes: [pass(.lstmProjected, .forward, 6, 5), pass(.gruResetBefore, .backward, 6, 3)], merge: .mul),
      Layer(passes: [pass(.rnn, .forward, 3, 2), pass(.lstm, .backward, 3, 4)]),
      Layer(passes: [pass(.lstm, .backward, 6, 2)]),
    ]
    let x: BatchedSequence<Double> = numbers.sequence(Self.timesteps, Self.batch, Self.input)
    let trace = Network(layers: layers).run(x, lengths: Self.lengths)
    var fed = x
    for (layer, found) in zip(layers, trace.layers) {
      let expected = layer.run(fed, lengths: Self.lengths)
      #expect(found.output == expected.output)
      #expect(found.passes.map(\.states) == expected.passes.map(\.states))
      fed = expected.output
    }
    #expect(trace.layers.map(\.output.features) == [6, 3, 6, 2])
  }

  private func random<S: Scalar>(_ variant: CellVariant, _ direction: Direction) -> (
    Pass<S>, BatchedSequence<S>
  ) {
    var numbers = Randomness(seed: 50)
    let pass: Pass<S> = variant.pass(
      direction, input: Self.input, hidden: Self.hidden, batch: Self.batch, random: &numbers)
    return (pass, numbers.sequence(Self.timesteps, Self.batch, Self.input))
  }
}

extension BatchedSequence {
  /// All sequences in reverse.
  fileprivate var turned: BatchedSequence { times((0..<timesteps).reversed()) }

  fileprivate func single(_ b: Int, length: Int) -> BatchedSequence {
    BatchedSequence(
      timesteps: length, batch: 1, features: features,
      elements: (0..<length).flatMap { elements[range($0, b)] })
  }

  fileprivate func times(_ times: some Collection<Int>) -> BatchedSequence {
    BatchedSequence(
      timesteps: times.count, batch: batch, features: features, elements: times.flatMap { self[$0].elements })
  }
}

extension Matrix {
  fileprivate func single(_ row: Int) -> Matrix {
    Matrix(rows: 1, columns: columns, elements: Array(self.row(row)))
  }
}
