import RandomNetworks
import Recurrent
import Testing

@testable import RecurrentParity

/// A cell with what only some frameworks have, and the same cell without it.
struct ExtendedCell: CustomTestStringConvertible, Sendable {
  let name: String
  let cell: Cell<Double>
  let plain: Cell<Double>

  var testDescription: String { name }

  private static let (input, hidden) = (4, 6)

  private static func lstm(
    _ name: String, _ variant: CellVariant = .lstm, peepholes: Bool = true,
    _ change: (inout LSTMCell<Double>) -> Void = { _ in }
  ) -> ExtendedCell {
    var numbers = Randomness(seed: 120)
    let plain: Cell<Double> = variant.cell(.twoBias, input: input, hidden: hidden, random: &numbers)
    guard case .lstm(var cell) = plain else { preconditionFailure("no LSTM") }
    if peepholes {
      cell.input.peephole = numbers.values(hidden)
      cell.forget.peephole = numbers.values(hidden)
      cell.output.peephole = numbers.values(hidden)
    }
    var changed = cell
    change(&changed)
    // What is left out is what is changed, or else the peepholes.
    return ExtendedCell(name: name, cell: .lstm(changed), plain: changed == cell ? plain : .lstm(cell))
  }

  private static func gru(_ name: String, _ variant: CellVariant, clip: Double) -> ExtendedCell {
    var numbers = Randomness(seed: 121)
    let plain: Cell<Double> = variant.cell(.twoBias, input: input, hidden: hidden, random: &numbers)
    return ExtendedCell(name: name, cell: plain.changingGRU { $0.clip = clip }, plain: plain)
  }

  private static func zonedGRU(_ name: String, _ variant: CellVariant, _ share: Double) -> ExtendedCell {
    var numbers = Randomness(seed: 124)
    let plain: Cell<Double> = variant.cell(.twoBias, input: input, hidden: hidden, random: &numbers)
    return ExtendedCell(name: name, cell: plain.changingGRU { $0.zoneout = share }, plain: plain)
  }

  private static func zonedRNN(_ name: String, _ share: Double) -> ExtendedCell {
    var numbers = Randomness(seed: 125)
    let plain: RNNCell<Double> = numbers.rnn(.twoBias, input: input, hidden: hidden)
    var cell = plain
    cell.zoneout = share
    return ExtendedCell(name: name, cell: .rnn(cell), plain: .rnn(plain))
  }

  static let all: [ExtendedCell] =
    [
      lstm("peepholes"), lstm("clip", peepholes: false) { $0.clip = 0.5 },
      lstm("clip with peepholes") { $0.clip = 0.75 },
      // Not a number of Float: the run clips at the nearest.
      lstm("clip at 0.3") { $0.clip = 0.3 },
      lstm("input and forget coupled") { $0.inputForget = true },
      lstm("output activation") { $0.outputActivation = .softsign },
      lstm("all at once", .lstmProjected) { cell in
        (cell.inputForget, cell.clip, cell.outputActivation) = (true, 0.5, .elu(alpha: 2))
      },
      lstm("input coupled to forget") { $0.departure.inputIsCoupled = true },
      lstm("peepholes after the activation") {
        $0.departure.peepholesAfterActivation = [.input, .forget, .output]
      },
      lstm("peephole of o after the activation") { $0.departure.peepholesAfterActivation = [.output] },
      lstm("clip of c", peepholes: false) { $0.departure.cellClip = 0.25 },
      lstm("clip of c in the output only", peepholes: false) { $0.departure.outputClip = 0.3 },
      lstm("zoneout of h", peepholes: false) { $0.departure.zoneout = 0.1 },
      lstm("zoneout of h and c, projected", .lstmProjected) {
        ($0.departure.zoneout, $0.departure.cellZoneout) = (0.9, 0.3)
      },
      lstm("fast tanh and its sigmoid", peepholes: false) {
        ($0.activation, $0.recurrentActivation) = (.fastTanh(.cubic), .fastSigmoid(.cubic))
      },
      lstm("another fast tanh", peepholes: false) {
        ($0.activation, $0.recurrentActivation) = (.fastTanh(.neuralAmp), .fastSigmoid(.neuralAmp))
      },
      zonedGRU("GRU that resets after, zoneout", .gruResetAfter, 0.1),
      zonedGRU("GRU that resets before, zoneout", .gruResetBefore, 0.5),
      zonedRNN("RNN, zoneout", 0.2),
      gru("GRU that resets after, clip", .gruResetAfter, clip: 0.5),
      gru("GRU that resets before, clip", .gruResetBefore, clip: 0.3),
      rnn("RNN, clip", .tanh, clip: 0.3), rnn("RNN, clip before a selection", .linear, clip: 0.3),
    ]
    + (Activation.samples + Activation.others).filter { $0 != .tanh && $0 != .linear }.map {
      rnn("RNN, \($0)", $0)
    }

  private static func rnn(_ name: String, _ activation: Activation, clip: Double? = nil) -> ExtendedCell {
    var numbers = Randomness(seed: 122)
    let plain: RNNCell<Double> = numbers.rnn(.twoBias, input: input, hidden: hidden)
    var cell = plain
    (cell.activation, cell.clip) = (activation, clip)
    return ExtendedCell(name: name, cell: .rnn(cell), plain: .rnn(plain))
  }
}

@Suite struct ExtendedCellTests {
  private static let (timesteps, batch) = (12, 3)

  @Test("A run by the literal formula is honest, in both precisions", arguments: ExtendedCell.all)
  func honest(_ extended: ExtendedCell) {
    #expect(
      problem(Float.self, run: extended.cell, by: extended.cell).assessed(in: ErrorModel(.float32))
        .explainsAll)
    #expect(
      problem(Double.self, run: extended.cell, by: extended.cell).assessed(in: ErrorModel(.float64))
        .explainsAll)
  }

  @Test(
    "Left out, an option is another function",
    // Of these arguments, this one is within 1e-3 of tanh.
    arguments: ExtendedCell.all.filter { $0.name != "another fast tanh" })
  func leftOut(_ extended: ExtendedCell) {
    let assessment = problem(Float.self, run: extended.cell, by: extended.plain)
      .assessed(in: ErrorModel(.float32))
    #expect(assessment.figures.maxBoundRatio > 1000)
    #expect(
      problem(Float.self, run: extended.plain, by: extended.cell)
        .assessed(in: ErrorModel(.float32)).figures.maxBoundRatio > 1000)
  }

  @Test("One peephole that is off by a thousandth is a proof", arguments: [GateKind.input, .forget, .output])
  func onePeephole(_ kind: GateKind) throws {
    let extended = try #require(ExtendedCell.all.first)
    let changed = extended.cell.changing { gate, values in
      if gate == kind { values.peephole?[2] += 1e-3 }
    }
    let assessment = problem(Float.self, run: changed, by: extended.cell).assessed(in: ErrorModel(.float32))
    #expect(assessment.figures.maxBoundRatio > 10)
  }

  @Test(
    "The certified midpoint and the control are the literal formula's values", arguments: ExtendedCell.all)
  func sameStep(_ extended: ExtendedCell) throws {
    var numbers = Randomness(seed: 123)
    let cell = extended.cell
    let x: Matrix<Double> = numbers.matrix(Self.batch, cell.inputSize)
    let state = State<Double>(
      h: numbers.matrix(Self.batch, cell.stateSize),
      c: cell.kind == .lstm ? numbers.matrix(Self.batch, cell.hiddenSize) : nil)
    let literal = cell.step(x: x, state)

    let certified = CertifiedArithmetic(arithmetic: ErrorModel(.float64))
    let bounded = step(cell, certified, x, state)
    let control = step(
      cell, ControlArithmetic<Double>(order: .productsApart, format: nil, rounding: nil), x, state)
    for kind in StateKind.allCases {
      let expected = literal[kind]?.elements ?? []
      let (midpoint, radii) = (bounded[kind]?.midpoint ?? [], bounded[kind]?.radii ?? [])
      #expect(midpoint.count == expected.count)
      for (index, value) in (control[kind]?.elements ?? []).enumerated() {
        #expect((expected[index] - midpoint[index]).magnitude <= radii[index])
        #expect((value - midpoint[index]).magnitude <= radii[index])
      }
    }
  }

  private func step<A: StepArithmetic>(
    _ cell: Cell<Double>, _ arithmetic: A, _ x: Matrix<Double>, _ state: State<Double>
  ) -> StatePair<A.Value, A.Value?> {
    func known(_ matrix: Matrix<Double>) -> A.Value {
      arithmetic.known(matrix.elements, rows: matrix.rows, radius: .none, scale: .none)
    }
    return CellStep(cell, conversion: .none, in: arithmetic)(
      x: known(x), h: known(state.h), c: state.c.map(known))
  }

  @Test("Clipping keeps what cannot be said, and the interval's image otherwise")
  func clipping() {
    let arithmetic = CertifiedArithmetic(arithmetic: ErrorModel(.float32))
    let block = Bounded(
      rows: 1, columns: 5, midpoint: [0, 0.25, 3, -3, 0.25], radius: .each([1, 0.125, 0.5, 0.5, .nan]),
      scale: .each([0.25, 0.125, 0.5, 0.5, 0.5]))
    let clipped = arithmetic.clipped(block, to: 0.5)
    #expect(clipped.midpoint == [0, 0.25, 0.5, -0.5, 0.25])
    #expect(Array(clipped.radii[..<4]) == [0.5, 0.125, 0, 0])
    #expect(clipped.radii[4].isNaN)
    #expect(Array(clipped.scales[..<4]) == [0.25, 0.125, 0, 0])
    // 0.3 is no number of Float: the run's own limit is off by a rounding.
    let rounded = arithmetic.clipped(block, to: 0.3)
    #expect((0.3 - Double(Float(0.3))).magnitude <= rounded.radii[2])
    #expect(rounded.radii[2] == 0x1p-24 * 0.3)
    #expect(rounded.scales[2] == 0x1p-24 * 0.3)
  }

  private func problem<S: Scalar>(
    _: S.Type, run: Cell<Double>, by judge: Cell<Double>
  ) -> StepwiseProblem {
    var numbers = Randomness(seed: 124)
    let input: BatchedSequence<Double> = numbers.sequence(Self.timesteps, Self.batch, run.inputSize)
    let trace = Pass(direction: .forward, cell: run.converted(to: S.self)).scan(input.converted(to: S.self))
    let states = trace.states.converted(to: Double.self)
    let recorded = RecordedStates(h: states.h, c: states.c)
    let valid = ValidSteps(all: Self.timesteps, batch: Self.batch)
    return StepwiseProblem(
      cell: judge, direction: .forward, input: LayerInput(values: input), target: recorded,
      previous: recorded,
      initialState: nil, valid: valid, steps: StepIndex.all(valid))
  }
}
