import Recurrent
import RecurrentConventions
import RecurrentParity
import Testing

/// What is wrong throws with its place, what was expected and what was found.
@Suite struct RefusalTests {
  private static func sequence(_ T: Int, _ B: Int, _ D: Int, _ value: Float = 0.5) throws -> RecordedSequence
  {
    try RecordedSequence(
      timesteps: T, batch: B, features: D, elements: [Float](repeating: value, count: T * B * D))
  }

  /// An RNN of H units that reads I.
  private static func cell(_ I: Int = 2, _ H: Int = 3) throws -> Cell<Double> {
    try Convention.keras.cell(
      CellDescription(inputSize: I, hiddenSize: H),
      from: [
        "kernel": NativeTensor(shape: [I, H], values: [Double](repeating: 0.1, count: I * H)),
        "recurrent_kernel": NativeTensor(shape: [H, H], values: [Double](repeating: 0.1, count: H * H)),
      ])
  }

  private static func pass(
    _ T: Int = 4, _ B: Int = 2, I: Int = 2, H: Int = 3, declared: DeclaredPrecision? = nil
  ) throws -> RecordedPass {
    try RecordedPass(cell: cell(I, H), states: RecordedStates(h: sequence(T, B, H)), declared: declared)
  }

  private static func layer(_ passes: [RecordedPass]) throws -> RecordedLayer {
    try RecordedLayer(name: "rnn", passes: passes)
  }

  private static func reference(_ layers: [RecordedLayer], name: String = "mine") throws -> Reference {
    try Reference(name: name, framework: "swift", convention: .keras, layers: layers)
  }

  private static func parityCase(_ references: [Reference]) throws -> ParityCase {
    try ParityCase(name: "case", input: sequence(4, 2, 2), references: references)
  }

  private func expect<Value>(
    _ error: String, sourceLocation: SourceLocation = #_sourceLocation, _ make: () throws -> Value
  ) {
    do {
      _ = try make()
      Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    } catch let thrown as CaseError {
      #expect(thrown.description == error, sourceLocation: sourceLocation)
    } catch {
      Issue.record(error, sourceLocation: sourceLocation)
    }
  }

  @Test("Of sequences: sizes, counts, types")
  func sequences() {
    expect("elements: expected at least one value, found shape (0, 2, 3)") {
      try RecordedSequence(timesteps: 0, batch: 2, features: 3, elements: [Float]())
    }
    expect("elements: expected as many values as shape (4, 2, 3) has, found 23") {
      try RecordedSequence(timesteps: 4, batch: 2, features: 3, elements: [Float](repeating: 0, count: 23))
    }
    expect("elements: expected as many values as shape (\(Int.max), 2, 3) has, found 1") {
      try RecordedSequence(timesteps: .max, batch: 2, features: 3, elements: [1.0])
    }
  }

  @Test("Of passes: weights, states and what the kind of cell does not have")
  func passes() throws {
    expect("weights/recurrent_kernel: expected shape (3, 3), found nothing") {
      try RecordedPass(
        weights: ["kernel": NativeTensor(shape: [2, 3], values: [Double](repeating: 0, count: 6))],
        convention: .keras, description: CellDescription(inputSize: 2, hiddenSize: 3))
    }
    expect("weights/kernel: expected as many values as shape (2, 3) has, found 5") {
      try RecordedPass(
        weights: ["kernel": NativeTensor(shape: [2, 3], values: [Double](repeating: 0, count: 5))],
        convention: .keras, description: CellDescription(inputSize: 2, hiddenSize: 3))
    }
    expect("weights/hiddenSize: expected 1 to 16777216, found -3") {
      try RecordedPass(
        weights: [:], convention: .keras, description: CellDescription(inputSize: 2, hiddenSize: -3))
    }
    expect("states/h: expected shape (4, 2, 3), found shape (4, 2, 5)") {
      try RecordedPass(cell: Self.cell(), states: RecordedStates(h: Self.sequence(4, 2, 5)))
    }
    expect("states/c: expected nothing of cell \"rnn\", found values") {
      try RecordedPass(
        cell: Self.cell(), states: RecordedStates(h: Self.sequence(4, 2, 3), c: Self.sequence(4, 2, 3)))
    }
    expect("initialState/h: expected shape (2, 3), found shape (3, 2)") {
      try RecordedPass(
        cell: Self.cell(), initialState: State(h: Matrix(zeros: 3, 2)),
        states: RecordedStates(h: Self.sequence(4, 2, 3)))
    }
    expect("initialState/h: expected finite values, found nan at [1, 0]") {
      try RecordedPass(
        cell: Self.cell(),
        initialState: State(h: Matrix(rows: 2, columns: 3, elements: [0, 0, 0, .nan, 0, 0])))
    }
    expect("decimals: expected 0 to 17, found 18") {
      try RecordedPass(cell: Self.cell(), decimals: 18)
    }
    expect("cell/gate/biasIH: expected shape (3), found shape (2)") {
      guard case .rnn(var rnn) = try Self.cell() else { return }
      rnn.gate.biasIH = [0, 0]
      _ = try RecordedPass(cell: .rnn(rnn))
    }
    expect(
      "cell: expected a cell that some framework declares, found one with a zoneout, a blend or a departure of a diagnosis"
    ) {
      guard case .rnn(var rnn) = try Self.cell() else { return }
      rnn.zoneout = 0.1
      _ = try RecordedPass(cell: .rnn(rnn))
    }
  }

  @Test("Of layers: directions, widths and valid steps")
  func layers() throws {
    expect("passes: expected one pass, or forward and backward, found 0 passes") { try Self.layer([]) }
    expect("passes: expected forward, then backward, found forward, forward") {
      try Self.layer([Self.pass(), Self.pass()])
    }
    expect("output: expected 3 features, as the passes merge to, found 6") {
      try RecordedLayer(name: "rnn", passes: [Self.pass()], output: Self.sequence(4, 2, 6))
    }
    expect("passes[0]/states/h: expected shape (5, 2, 3), found shape (4, 2, 3)") {
      try RecordedLayer(name: "rnn", passes: [Self.pass()], input: Self.sequence(5, 2, 2))
    }
    expect("lengths: expected 0 to 4 valid steps, found 5 at [1]") {
      try RecordedLayer(
        name: "rnn", passes: [Self.pass()], input: Self.sequence(4, 2, 2), lengths: [4, 5])
    }
    expect("lengths: expected an input beside it, found none") {
      try RecordedLayer(name: "rnn", passes: [Self.pass()], lengths: [4, 4])
    }
    expect("mask: expected nothing beside lengths, which say the same, found a mask") {
      try RecordedLayer(
        name: "rnn", passes: [Self.pass()], input: Self.sequence(4, 2, 2), lengths: [4, 4],
        mask: [Bool](repeating: true, count: 8))
    }
    expect("input: expected finite values, found inf at [0, 0, 0]") {
      try RecordedLayer(name: "rnn", passes: [Self.pass()], input: Self.sequence(4, 2, 2, .infinity))
    }
  }

  @Test("Of references: names, what layers read, formulas and evidence")
  func references() throws {
    expect("name: expected a name of at least one character, without a slash, found \"a/b\"") {
      try Self.reference([Self.layer([Self.pass()])], name: "a/b")
    }
    expect("layers: expected at least one layer, found none") { try Self.reference([]) }
    expect(
      "layers[1]/passes[0]/cell: expected an input size of 3, the output of the layer below, found 2"
    ) {
      try Self.reference([Self.layer([Self.pass()]), Self.layer([Self.pass()])])
    }
    expect("layers[0]/passes[0]/cell/formula: expected twoBias, the pytorch convention's, found oneBias") {
      try Reference(
        name: "mine", framework: "swift", convention: .pytorch, layers: [Self.layer([Self.pass()])])
    }
    expect(
      "layers: expected recorded states, outputs or final states in some layer, found none: there is no evidence"
    ) {
      try Self.reference([Self.layer([RecordedPass(cell: Self.cell())])])
    }
  }

  @Test("Of cases: names, axes, inputs and precisions, at the full place")
  func cases() throws {
    let reference = try Self.reference([Self.layer([Self.pass()])])
    expect("references: expected at least one reference, found none") { try Self.parityCase([]) }
    expect("references: expected references of different names, found two called \"mine\"") {
      try Self.parityCase([reference, reference])
    }
    expect("references: expected references of different names, found two called \"mine\"") {
      try Self.parityCase([reference]).adding(reference)
    }
    expect("references/mine/layers[0]/passes[0]/states/h: expected shape (4, 2, 3), found shape (7, 2, 3)") {
      try Self.parityCase([Self.reference([Self.layer([Self.pass(7)])])])
    }
    expect(
      "references/mine/layers[0]/passes[0]/cell: expected an input size of 2, as the case's input, found 5"
    ) {
      try Self.parityCase([Self.reference([Self.layer([Self.pass(I: 5)])])])
    }
    expect("references/mine/layers[0]/input: expected an input of the layer or of the case, found none") {
      try ParityCase(name: "case", references: [reference])
    }
    expect("input: expected finite values, found nan at [0, 0, 0]") {
      try ParityCase(name: "case", input: Self.sequence(4, 2, 2, .nan), references: [reference])
    }
    expect(
      "references/mine/layers[0]/passes[0]/declared: expected none finer than float32, "
        + "which references/mine/layers[0]/passes[0] is stored in, found float64"
    ) {
      try Self.parityCase([Self.reference([Self.layer([Self.pass(declared: .float64)])])])
    }
  }

  @Test("What is not valid may hold anything")
  func padding() throws {
    var x = [Float](repeating: 0.5, count: 4 * 2 * 2)
    x[15] = .nan
    let parityCase = try ParityCase(
      name: "case", input: RecordedSequence(timesteps: 4, batch: 2, features: 2, elements: x),
      lengths: [4, 3], references: [Self.reference([Self.layer([Self.pass()])])])
    #expect(parityCase.judged().verdict == .mismatch)
  }
}
