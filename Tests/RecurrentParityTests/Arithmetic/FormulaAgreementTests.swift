import BundledCases
import RandomNetworks
import Recurrent
import RecurrentConventions
import Testing

@testable import RecurrentParity

/// The literal formulas against each other. No tolerance is chosen: a run by one formula is honest arithmetic of
/// the other if and only if it stays within the certified bound, and is as exact as honest arithmetic is.
@Suite struct FormulaAgreementTests {
  private static let (timesteps, batch, input, hidden) = (8, 3, 4, 6)

  @Test(
    "PyTorch's formula and Keras's are one function of converted weights, in both precisions",
    arguments: [CellVariant.rnn, .gruResetAfter, .lstm])
  func sameFunction(_ variant: CellVariant) {
    let pytorch = random(variant, .twoBias)
    let keras = pytorch.converted(to: .oneBias)
    for (run, judge) in [(pytorch, keras), (keras, pytorch), (pytorch, pytorch)] {
      #expect(assessed(Float.self, run, by: judge).explainsAll)
      #expect(assessed(Double.self, run, by: judge).explainsAll)
    }
  }

  @Test("A GRU that resets before is the same with two biases, as in ONNX, and with one, as in Keras")
  func resetBefore() {
    let onnx = random(.gruResetBefore, .twoBias)
    let keras = onnx.converted(to: .oneBias)
    #expect(assessed(Float.self, onnx, by: keras).explainsAll)
    #expect(assessed(Float.self, keras, by: onnx).explainsAll)
    // With weights of the other variant it is another function.
    #expect(!assessed(Float.self, onnx, by: onnx.changingGRU { $0.resetAfter = true }).explainsAll)
  }

  @Test("z and 1 − z exchanged is another function, and the same again with the update gate negated")
  func blends() throws {
    let cell = random(.gruResetAfter, .twoBias)
    let inverted = cell.changingGRU { $0.blend = .updateTakes }
    #expect(!assessed(Float.self, cell, by: inverted).explainsAll)
    let negated = inverted.changingGRU { gru in
      gru.update.weightIH = gru.update.weightIH.mapped(-)
      gru.update.weightHH = gru.update.weightHH.mapped(-)
      gru.update.biasIH = gru.update.biasIH?.map(-)
      gru.update.biasHH = gru.update.biasHH?.map(-)
    }
    #expect(assessed(Float.self, cell, by: negated).explainsAll)
    #expect(assessed(Double.self, cell, by: negated).explainsAll)
  }

  @Test("Goldberg's S-RNN is Keras's simple cell, and its output is its state")
  func primerRNN() throws {
    let cell = random(.rnn, .twoBias).converted(to: .oneBias)
    let gate = try #require(cell.rnn).gate
    let states = stepped(Float.self) { x, s in
      Primer.O(
        Primer.R(
          s: s, x: x, Wx: gate.converted(to: Float.self).weightIH.T,
          Ws: gate.converted(to: Float.self).weightHH.T, b: gate.converted(to: Float.self).biasIH, g: .tanh))
    }
    #expect(assessed(states, by: cell, .float32).explainsAll)
    #expect(!assessed(states, by: cell.changing { $1.biasIH = nil }, .float32).explainsAll)
  }

  @Test("Goldberg's GRU is Keras's that resets before, without biases and with z and 1 − z exchanged")
  func primerGRU() throws {
    let plain = random(.gruResetBefore, .oneBias).changing { ($1.biasIH, $1.biasHH) = (nil, nil) }
    let negated = plain.changingGRU { gru in
      gru.update.weightIH = gru.update.weightIH.mapped(-)
      gru.update.weightHH = gru.update.weightHH.mapped(-)
    }
    guard case .gru(let gru) = plain.converted(to: Float.self) else { return }
    let states = stepped(Float.self) { x, s in Primer.gru(s: s, x: x, gru) }
    // By the frameworks' own blend, with the update gate's weights negated.
    #expect(assessed(states, by: negated, .float32).explainsAll)
    #expect(!assessed(states, by: plain, .float32).explainsAll)
  }

  @Test(
    "Moving b_hn into b_in changes every real run of a GRU, by more than a thousand roundings; the others not",
    arguments: ["simplegru", "stackedbigru", "digits-stackedbigru-pytorch-trained"])
  func recurrentBias(_ name: String) throws {
    let parityCase = try bundled(name)
    for address in parityCase.passAddresses {
      let context = parityCase.diagnosisContext(address)
      var problem = context.problem
      let arithmetic = ErrorModel(parityCase[address].format)
      func merge(_ kinds: Set<GateKind>) -> Assessment {
        problem.cell = context.problem.cell.changing { kind, gate in
          guard kinds.contains(kind), let first = gate.biasIH, let second = gate.biasHH else { return }
          gate.biasIH = zip(first, second).map(+)
          gate.biasHH = first.map { _ in 0 }
        }
        return problem.assessed(in: arithmetic)
      }
      #expect(merge([.reset, .update]).explainsAll)
      let merged = merge([.new])
      #expect(merged.flagged == Set(problem.steps.map(\.t)))
      // Honest runs stay below 1 and the fault is seen in the states themselves: a rounding is 6e-8.
      #expect(merged.figures.maxBoundRatio > 1000)
      #expect(merged.figures.maxResidual > 1e-3)
      // By its size: h′ moves by (1 − z) tanh′ (1 − r) b_hn, at most b_hn.
      let largest = context.problem.cell.gates.last?.gate.biasHH?.map(\.magnitude).max() ?? 0
      #expect(merged.figures.maxResidual < largest)
    }
  }

  // MARK: Runs

  private func random(_ variant: CellVariant, _ formula: BiasFormula) -> Cell<Double> {
    var numbers = Randomness(seed: 80)
    // The values fit Float, so that a run in Float has these weights.
    return variant.cell(formula, input: Self.input, hidden: Self.hidden, random: &numbers)
  }

  private var sequence: BatchedSequence<Double> {
    var numbers = Randomness(seed: 81)
    return numbers.sequence(Self.timesteps, Self.batch, Self.input)
  }

  private func assessed<S: Scalar>(_: S.Type, _ run: Cell<Double>, by judge: Cell<Double>) -> Assessment {
    let trace = Pass(direction: .forward, cell: run.converted(to: S.self)).scan(
      sequence.converted(to: S.self))
    let states = trace.states.converted(to: Double.self)
    return assessed(
      RecordedStates(h: states.h, c: states.c), by: judge, S.self == Float.self ? .float32 : .float64)
  }

  private func assessed(_ states: RecordedStates, by cell: Cell<Double>, _ format: FloatFormat) -> Assessment
  {
    let valid = ValidSteps(all: Self.timesteps, batch: Self.batch)
    var problem = StepwiseProblem(
      cell: cell, direction: .forward, input: LayerInput(values: sequence), target: states, previous: states,
      initialState: nil, valid: valid,
      steps: StepIndex.all(valid))
    // A sum of two biases that Float had to round may be off by that rounding.
    problem.conversion = ConversionRoundoff(biases: format.unitRoundoff)
    return problem.assessed(in: ErrorModel(format))
  }

  private func stepped<S: Scalar>(
    _: S.Type, _ step: (Matrix<S>, Matrix<S>) -> Matrix<S>
  ) -> RecordedStates {
    let x = sequence.converted(to: S.self)
    var state = Matrix<S>(zeros: Self.batch, Self.hidden)
    var h = BatchedSequence<S>(zeros: Self.timesteps, Self.batch, Self.hidden)
    for t in 0..<Self.timesteps {
      state = step(x[t], state)
      h[t] = state
    }
    return RecordedStates(h: h.converted(to: Double.self))
  }
}

extension Cell<Double> {
  func changingGRU(_ change: (inout GRUCell<Double>) -> Void) -> Cell {
    guard case .gru(var gru) = self else { return self }
    change(&gru)
    return .gru(gru)
  }
}
