import RandomNetworks
import Recurrent
import Testing

@Suite struct NetworkTests {
  private static let (timesteps, batch, input) = (5, 3, 4)
  private static let lengths = [5, 2, 3]

  @Test(
    "The output of a bidirectional layer is forward beside backward, forward first",
    arguments: Precision.allCases)
  func concatenation(_ precision: Precision) {
    check(precision.type)

    func check<S: Scalar>(_: S.Type) {
      var random = Randomness(seed: 11)
      let layer: Layer<S> = random.bidirectional(input: Self.input, hidden: 3, batch: Self.batch)
      let x: BatchedSequence<S> = random.sequence(Self.timesteps, Self.batch, Self.input)
      let trace = layer.run(x, lengths: Self.lengths)
      #expect(trace.passes.map(\.direction) == [.forward, .backward])
      #expect(trace.output.features == 6)
      for t in 0..<Self.timesteps {
        for b in 0..<Self.batch {
          for (d, pass) in layer.passes.enumerated() {
            let h = pass.scan(x, lengths: Self.lengths).h
            for unit in 0..<3 { #expect(trace.output[t, b, 3 * d + unit] == h[t, b, unit]) }
          }
        }
      }
    }
  }

  @Test("The output of a layer of one direction is its states")
  func oneDirection() {
    var random = Randomness(seed: 12)
    let pass: Pass<Float> = random.pass(.backward, input: Self.input, hidden: 3, batch: Self.batch)
    let x: BatchedSequence<Float> = random.sequence(Self.timesteps, Self.batch, Self.input)
    #expect(Layer(passes: [pass]).run(x).output == pass.scan(x).h)
  }

  @Test("Two directions are merged side by side, or element by element as the mode says")
  func mergeModes() {
    let a = BatchedSequence<Float>(timesteps: 2, batch: 2, features: 1, elements: [1, 2, 3, 4])
    let b = BatchedSequence<Float>(timesteps: 2, batch: 2, features: 1, elements: [5, 6, 7, 9])
    #expect(MergeMode.concat.merged([a, b]).elements == [1, 5, 2, 6, 3, 7, 4, 9])
    #expect(MergeMode.concat.merged([b, a]).elements == [5, 1, 6, 2, 7, 3, 9, 4])
    #expect(MergeMode.sum.merged([a, b]).elements == [6, 8, 10, 13])
    #expect(MergeMode.mul.merged([a, b]).elements == [5, 12, 21, 36])
    #expect(MergeMode.ave.merged([a, b]).elements == [3, 4, 5, 6.5])
    for mode in MergeMode.allCases { #expect(mode.merged([a]) == a) }
  }

  @Test("Sequences of different width lie side by side, in the order given")
  func sideBySide() {
    let a = BatchedSequence<Float>(timesteps: 2, batch: 2, features: 1, elements: [1, 2, 3, 4])
    let b = BatchedSequence<Float>(
      timesteps: 2, batch: 2, features: 2, elements: [5, 6, 7, 8, 9, 10, 11, 12])
    #expect(MergeMode.concat.merged([a, b]).elements == [1, 5, 6, 2, 7, 8, 3, 9, 10, 4, 11, 12])
    #expect(MergeMode.concat.merged([b, a]).elements == [5, 6, 1, 7, 8, 2, 9, 10, 3, 11, 12, 4])
  }

  @Test("A stack feeds each layer the output of the one below", arguments: Precision.allCases)
  func stack(_ precision: Precision) {
    check(precision.type)

    func check<S: Scalar>(_: S.Type) {
      let (network, x): (Network<S>, BatchedSequence<S>) = randomStack()
      let trace = network.run(x, lengths: Self.lengths)
      #expect(trace.layers.count == 3)
      var fed = x
      for (layer, found) in zip(network.layers, trace.layers) {
        let expected = layer.run(fed, lengths: Self.lengths)
        #expect(found.output == expected.output)
        #expect(found.passes.map(\.h) == expected.passes.map(\.h))
        #expect(found.passes.map(\.finalState) == expected.passes.map(\.finalState))
        fed = expected.output
      }
    }
  }

  @Test("A recorded layer input takes the place of the output below it, and nothing else changes")
  func layerInputs() {
    let (network, x): (Network<Float>, BatchedSequence<Float>) = randomStack()
    var random = Randomness(seed: 13)
    let other: BatchedSequence<Float> = random.sequence(Self.timesteps, Self.batch, 6)
    let (plain, replaced) = (network.run(x), network.run(x, layerInputs: [nil, other, nil]))
    #expect(replaced.layers[0].output == plain.layers[0].output)
    #expect(replaced.layers[1].output == network.layers[1].run(other).output)
    #expect(replaced.layers[1].output != plain.layers[1].output)
    #expect(replaced.layers[2].output == network.layers[2].run(replaced.layers[1].output).output)
  }

  @Test(
    "A run in Float is a run in Double to within the rounding of its steps",
    arguments: [Activation.tanh, .relu])
  func floatAgainstDouble(_ activation: Activation) {
    var random = Randomness(seed: 14)
    let cell: RNNCell<Float> = random.rnn(.twoBias, input: Self.input, hidden: 6, activation: activation)
    let start: Matrix<Float> = random.matrix(Self.batch, 6)
    let pass = Pass(direction: .forward, cell: .rnn(cell), initialState: State(h: start))
    let x: BatchedSequence<Float> = random.sequence(Self.timesteps, Self.batch, Self.input)
    let narrowRun = pass.scan(x).h
    let wideRun = pass.converted(to: Double.self).scan(x.converted(to: Double.self)).h

    // With e the error of the past, a pre-activation is off by Σ|U|·e, and by N·u·S of its own, N = I + H + 2 and
    // S taken at the Float operands. Slopes are at most 1; tanh rounds to 2 ulp, 4u below 1. The run in Double
    // is 2⁻²⁹ as far off: a factor of 2 on everything covers it and the terms of second order.
    let u = Double(Float.unitRoundoff)
    var error = [Double](repeating: 0, count: Self.batch * 6)
    for t in 0..<Self.timesteps {
      let past = t == 0 ? start : narrowRun[t - 1]
      var next = error
      for index in error.indices {
        let (b, unit) = (index / 6, index % 6)
        let size = Double(preactivationSize(cell, x[t], past, row: b, unit: unit))
        let carried = (0..<6).reduce(0) { $0 + Double(abs(cell.gate.weightHH[unit, $1])) * error[b * 6 + $1] }
        next[index] = carried + 12 * u * size + (activation == .tanh ? 4 * u : 0)
        #expect(abs(Double(narrowRun[t, b, unit]) - wideRun[t, b, unit]) <= 2 * next[index])
      }
      error = next
    }
    #expect(narrowRun.converted(to: Double.self) != wideRun)
  }

  @Test("Converting a network to Float and back loses nothing that Float holds")
  func conversion() {
    let (network, x): (Network<Float>, BatchedSequence<Float>) = randomStack()
    let back = network.converted(to: Double.self).converted(to: Float.self)
    #expect(back.run(x).layers.map(\.output) == network.run(x).layers.map(\.output))
  }

  /// Forward, then bidirectional, then backward; every layer of another width.
  private func randomStack<S: Scalar>() -> (Network<S>, BatchedSequence<S>) {
    var random = Randomness(seed: 15)
    let network = Network<S>(layers: [
      Layer(passes: [random.pass(.forward, input: Self.input, hidden: 6, batch: Self.batch)]),
      random.bidirectional(input: 6, hidden: 3, batch: Self.batch),
      Layer(passes: [random.pass(.backward, input: 6, hidden: 2, batch: Self.batch)]),
    ])
    return (network, random.sequence(Self.timesteps, Self.batch, Self.input))
  }
}
