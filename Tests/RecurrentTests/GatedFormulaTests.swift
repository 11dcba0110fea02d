import RandomNetworks
import Recurrent
import Testing

/// Steps worked out by hand. With linear activations every number is whole, so every result is exact; and no two
/// of the parameters may be exchanged without another one.
@Suite struct GatedFormulaTests {
  private let x = one(2)
  private let h = one(3)
  private let c = one(5)

  /// r = 2 + 4 − 3 + 1 = 4, z = 4 − 3 + 3 − 2 = 2; the new gate's input part is 2 + 5 = 7.
  private func gru(resetAfter: Bool = true, formula: BiasFormula = .twoBias) -> GRUCell<Float> {
    GRUCell(
      reset: gate(1, -1, 4, 1), update: gate(2, 1, -3, -2), new: gate(1, 2, 5, 7), activation: .linear,
      recurrentActivation: .linear, resetAfter: resetAfter, formula: formula)
  }

  /// i = 2 − 4 + 3 + 1 = 2, f = −2 + 1 + 3 + 1 = 3, g = 6 + 1 − 3 + 2 = 6, o = 2 − 3 + 6 − 1 = 4.
  private var lstm: LSTMCell<Float> {
    LSTMCell(
      input: gate(1, 1, -4, 1), forget: gate(-1, 1, 1, 1), cell: gate(3, -1, 1, 2),
      output: gate(1, 2, -3, -1), activation: .linear, recurrentActivation: .linear, formula: .twoBias)
  }

  @Test("PyTorch's GRU resets the recurrent product with its bias, and the update gate keeps the old state")
  func pyTorchGRU() {
    // n = 7 + 4·(6 + 7) = 59; (3 − 59)·2 + 59 = −53.
    #expect(GRU.pyTorch(x: x, h: h, gru()) == one(-53))
    #expect(Cell.gru(gru()).step(x: x, h: h) == one(-53))
  }

  @Test("Keras's GRU with reset_after is the same function of two biases")
  func kerasGRU() {
    // 2·3 + (1 − 2)·59 = −53.
    #expect(GRU.kerasResetAfter(x: x, h: h, gru()) == one(-53))
    #expect(Cell.gru(gru(formula: .oneBias)).step(x: x, h: h) == one(-53))
  }

  @Test("A GRU that resets before multiplies the state, and not the recurrent bias")
  func resetBefore() {
    // hh = 7 + 2·(4·3) + 7 = 38; 2·3 + (1 − 2)·38 = −32.
    for formula in [BiasFormula.oneBias, .twoBias] {
      #expect(Cell.gru(gru(resetAfter: false, formula: formula)).step(x: x, h: h) == one(-32))
    }
  }

  @Test("Goldberg's GRU has no biases, resets before, and its update gate takes the new state")
  func primerGRU() {
    var cell = GRUCell<Float>(
      reset: gate(0, 0, 9, 9), update: gate(0, 0, 9, 9), new: gate(0, 0, 9, 9), formula: .oneBias)
    // All gates open half: (1 − ½)·3 + ½·tanh 0.
    #expect(Primer.gru(s: h, x: x, cell) == one(1.5))
    // An update gate that is wide open takes the new state, tanh(2·0 + (½·3)·0) = 0; a closed one keeps the old.
    cell.update = gate(500, 0, 0, 0)
    #expect(Primer.gru(s: h, x: x, cell) == one(0))
    cell.update = gate(-500, 0, 0, 0)
    #expect(Primer.gru(s: h, x: x, cell) == one(3))
    // A closed reset gate hides the old state from the new one; tanh of 3·500 is 1.
    cell.update = gate(500, 0, 0, 0)
    cell.new = gate(0, 500, 0, 0)
    #expect(Primer.gru(s: h, x: x, cell) == one(1))
    cell.reset = gate(-500, 0, 0, 0)
    #expect(Primer.gru(s: h, x: x, cell) == one(0))
  }

  @Test("PyTorch's LSTM forgets, adds, and shows what its output gate lets through")
  func pyTorchLSTM() {
    // c = 3·5 + 2·6 = 27, h = 4·27 = 108.
    let next = LSTM.pyTorch(x: x, h: h, c: c, lstm)
    #expect(next.c == one(27))
    #expect(next.h == one(108))
  }

  @Test("Keras's LSTM is the same function of the sum of the biases")
  func kerasLSTM() {
    let merged = LSTMCell<Float>(
      input: gate(1, 1, -3, nil), forget: gate(-1, 1, 2, nil), cell: gate(3, -1, 3, nil),
      output: gate(1, 2, -4, nil), activation: .linear, recurrentActivation: .linear, formula: .oneBias)
    let next = Cell.lstm(merged).step(x: x, State(h: h, c: c))
    #expect(next == State(h: one(108), c: one(27)))
  }

  @Test("A projection is applied to the state that is handed on, and leaves c as it is")
  func projection() {
    var projected = lstm
    projected.weightHR = Matrix(rows: 1, columns: 1, elements: [-2])
    #expect(Cell.lstm(projected).step(x: x, State(h: h, c: c)) == State(h: one(-216), c: one(27)))
  }

  @Test("ONNX's peepholes show c to i and f before the step, and to o after it")
  func peepholes() {
    // i = 2 + 5 = 7, f = 3 − 5 = −2, c = −2·5 + 7·6 = 32, o = 4 + ½·32 = 20, h = 20·32.
    #expect(step(peeping) == State(h: one(640), c: one(32)))
  }

  @Test("ONNX's clip is of every gate's argument, peepholes included, and not of c")
  func clip() {
    var clipped = peeping
    clipped.clip = 5
    // i = 5, f = −2, g = 5, c = −10 + 25 = 15, o = clip(4 + 7½) = 5, h = 5·15.
    #expect(step(clipped) == State(h: one(75), c: one(15)))
    var gru = gru()
    gru.clip = 40
    // n = clip(59) = 40; (1 − 2)·40 + 2·3.
    #expect(gru.step(x: x, h: h) == one(-34))
    // n = 38; (1 − 2)·38 + 2·3. With r clipped to 3, n = clip(7 + 2·3·3 + 7) = 3 and z = 2: −3 + 6.
    gru.resetAfter = false
    #expect(gru.step(x: x, h: h) == one(-32))
    gru.clip = 3
    #expect(gru.step(x: x, h: h) == one(3))
    let rnn = RNNCell(gate: gate(1, -1, 4, 1), activation: .linear, clip: 3, formula: .twoBias)
    #expect(rnn.step(x: x, h: h) == one(3))
    // −4·2 − 3 + 4 + 1 = −6.
    let negative = RNNCell(gate: gate(-4, -1, 4, 1), activation: .linear, clip: 3, formula: .oneBias)
    #expect(negative.step(x: x, h: h) == one(-3))
  }

  @Test("A coupled forget gate is what the input gate leaves")
  func inputForget() {
    var coupled = peeping
    coupled.inputForget = true
    coupled.forget = gate(900, 900, 900, 900)
    // f = 1 − 7, c = −30 + 42 = 12, o = 4 + 6, h = 10·12.
    #expect(step(coupled) == State(h: one(120), c: one(12)))
  }

  @Test("An output activation is that of c alone")
  func outputActivation() {
    var cell = lstm
    cell.outputActivation = .hardTanh
    #expect(step(cell) == State(h: one(4), c: one(27)))
    cell.outputActivation = nil
    cell.activation = .hardTanh
    // g = 1 too: c = 15 + 2.
    #expect(step(cell) == State(h: one(4), c: one(17)))
  }

  @Test("A projection is applied to an extended cell's output too")
  func extendedProjection() {
    var cell = peeping
    cell.weightHR = Matrix(rows: 1, columns: 1, elements: [-2])
    #expect(step(cell) == State(h: one(-1280), c: one(32)))
  }

  private var peeping: LSTMCell<Float> {
    var cell = lstm
    (cell.input.peephole, cell.forget.peephole, cell.output.peephole) = ([1], [-1], [0.5])
    return cell
  }

  private func step(_ cell: LSTMCell<Float>) -> State<Float> {
    Cell.lstm(cell).step(x: x, State(h: h, c: c))
  }

  @Test("Each gate of a GRU and of an LSTM counts, and no two may be exchanged")
  func distinctGates() {
    var changed = gru()
    (changed.reset, changed.update) = (changed.update, changed.reset)
    #expect(changed.step(x: x, h: h) != one(-53))
    changed = gru()
    (changed.update, changed.new) = (changed.new, changed.update)
    #expect(changed.step(x: x, h: h) != one(-53))
    let gates: [WritableKeyPath<LSTMCell<Float>, Gate<Float>>] = [\.input, \.forget, \.cell, \.output]
    for (index, first) in gates.enumerated() {
      for second in gates[(index + 1)...] where !(first == \.input && second == \.cell) {
        var exchanged = lstm
        (exchanged[keyPath: first], exchanged[keyPath: second]) = (
          lstm[keyPath: second], lstm[keyPath: first]
        )
        let next = exchanged.step(x: x, h: h, c: c)
        #expect([next.h, next.c] != [one(108), one(27)])
      }
    }
    // i and g only appear as their product while both are linear.
    var squashed = lstm
    squashed.activation = .relu
    squashed.recurrentActivation = .hardSigmoid
    var exchanged = squashed
    (exchanged.input, exchanged.cell) = (squashed.cell, squashed.input)
    #expect(exchanged.step(x: x, h: h, c: c).c != squashed.step(x: x, h: h, c: c).c)
  }

  private func gate(_ W: Float, _ U: Float, _ b: Float, _ b2: Float?) -> Gate<Float> {
    Gate(weightIH: one(W), weightHH: one(U), biasIH: [b], biasHH: b2.map { [$0] })
  }
}

private func one(_ value: Float) -> Matrix<Float> { Matrix(rows: 1, columns: 1, elements: [value]) }
