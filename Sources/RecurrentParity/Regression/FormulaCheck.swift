import Recurrent
import RecurrentConventions

/// A statement on the conventions, held against the formulas as they are implemented: two ways to write a cell
/// are the same function, or they are not.
///
/// A run by one formula is judged step by step by the other, in Float64: it is the same function exactly if no
/// residual is beyond the certified bound.
public struct FormulaCheck: Sendable {
  public let statement: String
  public let expectsSameFunction: Bool
  /// Largest r/ρ of the run of one by the other.
  public let maxBoundRatio: Double
  /// Largest difference of one step.
  public let maxResidual: Double

  public var isSameFunction: Bool { maxBoundRatio <= 1 }
  public var holds: Bool { isSameFunction == expectsSameFunction }

  /// Every statement, freshly checked.
  public static func all() -> [FormulaCheck] { conversions + biases + gates + primer }

  private static let rnn = SampleCell(.rnn)
  private static let gru = SampleCell(.gru)
  private static let lstm = SampleCell(.lstm)

  // MARK: Conversions

  /// Weights packed by one convention, converted, packed and read by another.
  private static var conversions: [FormulaCheck] {
    [rnn, gru, lstm].flatMap { sample in
      [(Convention.pytorch, Convention.keras), (.keras, .pytorch), (.pytorch, .onnx), (.onnx, .keras)].map {
        from, to in
        let cell = sample.cell.converted(to: from.formula)
        let tensors = to.tensors(of: cell.converted(to: to.formula))
        let read = try? to.cell(sample.description, from: tensors)
        return FormulaCheck(
          "\(sample.cell.kind.rawValue): \(from.rawValue) to \(to.rawValue)", same: true, run: cell,
          judgedBy: read)
      }
    }
  }

  // MARK: Biases

  private static var biases: [FormulaCheck] {
    [
      FormulaCheck(
        "rnn: bias_hh dropped", same: false, run: rnn.cell, judgedBy: rnn.cell.changing { $1.biasHH = nil }),
      FormulaCheck(
        "gru: b_hr and b_hz moved into bias_ih", same: true, run: gru.cell,
        judgedBy: gru.cell.changing { kind, gate in if kind != .new { gate.mergeBiases() } }),
      FormulaCheck(
        "gru: b_hn moved into b_in", same: false, run: gru.cell,
        judgedBy: gru.cell.changing { kind, gate in if kind == .new { gate.mergeBiases() } }),
      FormulaCheck(
        "lstm: bias_hh moved into bias_ih", same: true, run: lstm.cell,
        judgedBy: lstm.cell.changing { $1.mergeBiases() }),
    ]
  }

  // MARK: Gates

  private static var gates: [FormulaCheck] {
    let before = gru.changedGRU { $0.resetAfter = false }
    return [
      FormulaCheck("gru: reset before instead of after", same: false, run: gru.cell, judgedBy: before),
      FormulaCheck(
        "gru: z and 1 − z exchanged", same: false, run: gru.cell,
        judgedBy: gru.changedGRU { $0.blend = .updateTakes }),
      FormulaCheck(
        "gru: z and 1 − z exchanged, with the update gate's weights negated", same: true, run: gru.cell,
        judgedBy: gru.changedGRU { gru in
          gru.blend = .updateTakes
          gru.update = gru.update.negated
        }),
      FormulaCheck(
        "gru: Keras's gate order read as PyTorch's", same: false, run: gru.cell,
        judgedBy: gru.changedGRU { ($0.reset, $0.update) = ($0.update, $0.reset) }),
      FormulaCheck(
        "lstm: Keras 2's hard sigmoid for Keras 3's", same: false,
        run: lstm.changedLSTM { $0.recurrentActivation = .hardSigmoid },
        judgedBy: lstm.changedLSTM { $0.recurrentActivation = .hardSigmoidKeras2 }),
    ]
  }

  // MARK: Goldberg's Primer

  private static var primer: [FormulaCheck] {
    let merged = rnn.cell.converted(to: .oneBias)
    let plain = gru.cell.changing { _, gate in (gate.biasIH, gate.biasHH) = (nil, nil) }
    guard case .rnn(let cell) = merged, case .gru(var unit) = plain else { return [] }
    unit.resetAfter = false
    unit.blend = .updateTakes
    let gate = cell.gate
    return [
      FormulaCheck(
        "rnn: Goldberg's S-RNN", same: true, judgedBy: merged, sample: rnn,
        step: { x, s in
          Primer.R(s: s, x: x, Wx: gate.weightIH.T, Ws: gate.weightHH.T, b: gate.biasIH, g: cell.activation)
        }),
      FormulaCheck(
        "gru: Goldberg's GRU", same: true, judgedBy: .gru(unit), sample: gru,
        step: { x, s in Primer.gru(s: s, x: x, unit) }),
    ]
  }

  // MARK: Running

  private init(_ statement: String, same: Bool, run: Cell<Double>, judgedBy cell: Cell<Double>?) {
    let sample = SampleCell(run.kind)
    let trace = Pass(direction: .forward, cell: run).scan(sample.input)
    self.init(
      statement, same: same, states: RecordedStates(h: trace.states.h, c: trace.states.c), judgedBy: cell)
  }

  private init(
    _ statement: String, same: Bool, judgedBy cell: Cell<Double>, sample: SampleCell,
    step: (Matrix<Double>, Matrix<Double>) -> Matrix<Double>
  ) {
    var state = Matrix<Double>(zeros: sample.input.batch, cell.hiddenSize)
    var h = BatchedSequence<Double>(zeros: sample.input.timesteps, sample.input.batch, cell.hiddenSize)
    for t in 0..<sample.input.timesteps {
      state = step(sample.input[t], state)
      h[t] = state
    }
    self.init(statement, same: same, states: RecordedStates(h: h), judgedBy: cell)
  }

  private init(_ statement: String, same: Bool, states: RecordedStates, judgedBy cell: Cell<Double>?) {
    self.statement = statement
    expectsSameFunction = same
    guard let cell else {
      (maxBoundRatio, maxResidual) = (.nan, .nan)
      return
    }
    let input = SampleCell(cell.kind).input
    let lengths = [Int](repeating: input.timesteps, count: input.batch)
    let problem = StepwiseProblem(
      cell: cell, direction: .forward, input: LayerInput(values: input), target: states, previous: states,
      initialState: nil, lengths: lengths,
      steps: StepwiseProblem.allSteps(lengths: lengths, timesteps: input.timesteps))
    let summary = problem.assessed(in: WorkingArithmetic(.float64)).summary
    maxBoundRatio = summary.maxRatio
    maxResidual = summary.maxResidual
  }
}

/// A cell with weights, biases and an input that hide nothing: distinct biases, I ≠ H, several steps.
private struct SampleCell {
  let description: CellDescription
  let cell: Cell<Double>
  let input: BatchedSequence<Double>

  init(_ kind: CellKind) {
    var numbers = SplitMix(state: 1)
    let (I, H, T, B) = (3, 5, 9, 2)
    description = CellDescription(kind: kind, inputSize: I, hiddenSize: H)
    func values(_ count: Int) -> [Double] { (0..<count).map { _ in numbers.next() } }
    input = BatchedSequence(timesteps: T, batch: B, features: I, elements: values(T * B * I))
    func gate() -> Gate<Double> {
      Gate(
        weightIH: Matrix(rows: H, columns: I, elements: values(H * I)),
        weightHH: Matrix(rows: H, columns: H, elements: values(H * H)), biasIH: values(H), biasHH: values(H))
    }
    switch kind {
    case .rnn: cell = .rnn(RNNCell(gate: gate(), activation: .tanh, formula: .twoBias))
    case .gru: cell = .gru(GRUCell(reset: gate(), update: gate(), new: gate(), formula: .twoBias))
    case .lstm:
      cell = .lstm(
        LSTMCell(input: gate(), forget: gate(), cell: gate(), output: gate(), formula: .twoBias))
    }
  }

  func changedGRU(_ change: (inout GRUCell<Double>) -> Void) -> Cell<Double> {
    guard case .gru(var gru) = cell else { return cell }
    change(&gru)
    return .gru(gru)
  }

  func changedLSTM(_ change: (inout LSTMCell<Double>) -> Void) -> Cell<Double> {
    guard case .lstm(var lstm) = cell else { return cell }
    change(&lstm)
    return .lstm(lstm)
  }
}

extension Gate<Double> {
  fileprivate mutating func mergeBiases() {
    if let first = biasIH, let second = biasHH { biasIH = zip(first, second).map(+) }
    biasHH = biasHH.map { $0.map { _ in 0 } }
  }

  fileprivate var negated: Gate<Double> {
    Gate(
      weightIH: weightIH.mapped(-), weightHH: weightHH.mapped(-), biasIH: biasIH?.map(-),
      biasHH: biasHH?.map(-))
  }
}

/// Numbers in (−1, 1), the same every time. Source: Steele, Lea & Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014.
private struct SplitMix {
  var state: UInt64

  mutating func next() -> Double {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    z ^= z >> 31
    return Double(Int64(bitPattern: z)) / 0x1p63
  }
}
