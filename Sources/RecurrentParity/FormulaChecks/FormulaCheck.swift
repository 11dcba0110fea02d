import Recurrent
import RecurrentConventions

/// A statement on the conventions, held against the formulas as they are implemented: two ways to write a cell
/// are the same function, or they are not.
///
/// A run by one formula is judged step by step by the other, in Float64: it is the same function exactly if no
/// residual is beyond the certified bound.
public struct FormulaCheck: Sendable {
  public let statement: FormulaStatement
  public let expectsSameFunction: Bool
  /// Largest r/ρ of the run of one by the other.
  public let maxBoundRatio: Double
  /// Largest difference of one step.
  public let maxResidual: Double

  public var isSameFunction: Bool { maxBoundRatio <= 1 }
  public var holds: Bool { isSameFunction == expectsSameFunction }

  /// Every statement, freshly checked.
  public static func all() -> [FormulaCheck] { printed + conversions + biases + gates + primer }

  private static let rnn = SampleCell(.rnn)
  private static let gru = SampleCell(.gru)
  private static let lstm = SampleCell(.lstm)

  // MARK: Notations

  /// The equations that each convention prints, on the weights that it writes, of every cell that it has.
  private static var printed: [FormulaCheck] {
    CellKind.allCases.flatMap { kind in
      Convention.allCases.flatMap { convention in
        let features = CellFeature.allCases.filter { $0.isOf(kind) && convention.features.contains($0) }
        return ([[]] + features.map { [$0] }).map { features in
          let sample = SampleCell(kind, features)
          let own = sample.cell.converted(to: convention.formula)
          let written = try? WrittenCell(convention, own)
          return FormulaCheck(
            .printed(kind, by: convention, features), same: true, judgedBy: own, sample: sample,
            step: { x, state in written.flatMap { try? $0.step(x: x, state) } })
        }
      }
    }
  }

  // MARK: Conversions

  /// Weights packed by one convention, converted, packed and read by another.
  private static var conversions: [FormulaCheck] {
    [rnn, gru, lstm].flatMap { sample in
      Convention.allCases.flatMap { from in
        Convention.allCases.filter { $0 != from }.map { to in
          let cell = sample.cell.converted(to: from.formula)
          let read = try? to.cell(
            sample.description, from: try to.tensors(of: cell.converted(to: to.formula)))
          return FormulaCheck(
            .conversion(sample.cell.kind, from: from, to: to), same: true, run: cell, judgedBy: read)
        }
      }
    }
  }

  // MARK: Biases

  private static var biases: [FormulaCheck] {
    [
      FormulaCheck(
        .rnnBiasHHDropped, same: false, run: rnn.cell, judgedBy: rnn.cell.changing { $1.biasHH = nil }),
      FormulaCheck(
        .gruGateBiasesMoved, same: true, run: gru.cell,
        judgedBy: gru.cell.changing { kind, gate in if kind != .new { gate.mergeBiases() } }),
      FormulaCheck(
        .gruNewBiasMoved, same: false, run: gru.cell,
        judgedBy: gru.cell.changing { kind, gate in if kind == .new { gate.mergeBiases() } }),
      FormulaCheck(
        .lstmBiasHHMoved, same: true, run: lstm.cell,
        judgedBy: lstm.cell.changing { $1.mergeBiases() }),
    ]
  }

  // MARK: Gates

  private static var gates: [FormulaCheck] {
    let before = gru.changedGRU { $0.resetAfter = false }
    return [
      FormulaCheck(.gruResetBefore, same: false, run: gru.cell, judgedBy: before),
      FormulaCheck(
        .gruBlendExchanged, same: false, run: gru.cell,
        judgedBy: gru.changedGRU { $0.blend = .updateTakes }),
      FormulaCheck(
        .gruBlendExchangedAndNegated, same: true, run: gru.cell,
        judgedBy: gru.changedGRU { gru in
          gru.blend = .updateTakes
          gru.update = gru.update.negated
        }),
      FormulaCheck(
        .gruGateOrderMisread, same: false, run: gru.cell,
        judgedBy: gru.changedGRU { ($0.reset, $0.update) = ($0.update, $0.reset) }),
      FormulaCheck(
        .lstmHardSigmoidOfKeras2, same: false,
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
        .primerRNN, same: true, judgedBy: merged, sample: rnn,
        step: { x, s in
          State(
            h: Primer.R(
              s: s.h, x: x, Wx: gate.weightIH.T, Ws: gate.weightHH.T, b: gate.biasIH, g: cell.activation))
        }),
      FormulaCheck(
        .primerGRU, same: true, judgedBy: .gru(unit), sample: gru,
        step: { x, s in State(h: Primer.gru(s: s.h, x: x, unit)) }),
    ]
  }

  // MARK: Running

  private init(_ statement: FormulaStatement, same: Bool, run: Cell<Double>, judgedBy cell: Cell<Double>?) {
    let sample = SampleCell(run.kind)
    let trace = Pass(direction: .forward, cell: run).scan(sample.input)
    self.init(
      statement, same: same, states: RecordedStates(trace.states), judgedBy: cell)
  }

  /// Nil of the step is that it could not be taken.
  private init(
    _ statement: FormulaStatement, same: Bool, judgedBy cell: Cell<Double>, sample: SampleCell,
    step: (Matrix<Double>, State<Double>) -> State<Double>?
  ) {
    let (T, B) = (sample.input.timesteps, sample.input.batch)
    var state: State<Double>? = cell.zeroState(batch: B)
    var h = BatchedSequence<Double>(zeros: T, B, cell.stateSize)
    var c = BatchedSequence<Double>(zeros: T, B, cell.hiddenSize)
    for t in 0..<T {
      state = state.flatMap { step(sample.input[t], $0) }
      if let state { h[t] = state.h }
      if let memory = state?.c { c[t] = memory }
    }
    self.init(
      statement, same: same,
      states: RecordedStates(
        h: RecordedSequence(h), c: cell.kind == .lstm ? RecordedSequence(c) : nil),
      judgedBy: state == nil ? nil : cell)
  }

  private init(
    _ statement: FormulaStatement, same: Bool, states: RecordedStates, judgedBy cell: Cell<Double>?
  ) {
    self.statement = statement
    expectsSameFunction = same
    guard let cell else {
      (maxBoundRatio, maxResidual) = (.nan, .nan)
      return
    }
    let input = SampleCell(cell.kind).input
    let valid = ValidSteps(all: input.timesteps, batch: input.batch)
    let problem = StepwiseProblem(
      cell: cell, direction: .forward, input: LayerInput(values: RecordedSequence(input)), target: states,
      previous: states,
      initialState: nil, valid: valid)
    let figures = problem.assessed(in: ErrorModel(.float64)).figures
    maxBoundRatio = figures.maxBoundRatio
    maxResidual = figures.maxResidual
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
