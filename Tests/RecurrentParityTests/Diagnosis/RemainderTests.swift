import BundledCases
import RandomNetworks
import Recurrent
import Testing

@testable import ParityReport
@testable import RecurrentParity

/// What is said of a fault that nothing explains leads to where it is, and never away from it.
@Suite struct RemainderTests {
  private static let address = PassAddress(reference: 0, layer: 0, pass: 0)

  @Test(
    "Another activation than any known one is described as it was seen, and nothing else is taken for one")
  func observedActivation() throws {
    let context = try bundled("simplernn-tanh").diagnosisContext(
      PassAddress(reference: 0, layer: 0, pass: 0))
    var wrong = context.problem
    wrong.cell.setActivation(.linear)
    let sums = wrong.freeRun(format: .float32)
    func problem(_ f: (Double) -> Double) -> StepwiseProblem {
      // One step each from the recorded past: only what is made of the sum is another.
      var problem = context.problem
      problem.target.h = sums.h.map { sums in
        var values = sums.whole
        for step in StepIndex.all(problem.valid) {
          guard let recorded = RecordedStep(step, of: context.problem) else { continue }
          let row = recorded.next(wrong.cell, inputs: [recorded.x]).h.row(0)
          values.elements.replaceSubrange(values.range(step.t, step.b), with: row.map(f))
        }
        return RecordedSequence(values)
      }
      return problem
    }
    let odd = try #require(problem { $0 * abs($0) / (1 + $0 * $0) }.observedActivation())
    #expect(odd.symmetry == .odd && odd.isRising)
    let even = try #require(problem { $0 * $0 }.observedActivation())
    #expect(even.symmetry == .even && !even.isRising)
    let limited = try #require(problem { min(max($0, -0.0625), 0.125) }.observedActivation())
    #expect(limited.lowerLimit == -0.0625 && limited.upperLimit == 0.125)
    var count = 0
    let noise = problem { _ in
      count += 1
      return Double(count * 7919 % 101) / 101
    }
    #expect(noise.observedActivation() == nil)
  }

  @Test(
    "From zeros a right first step and nothing right behind it is the recurrent product, not a change of the run"
  )
  func recurrentProduct() throws {
    for (name, idle) in [("simplernn-tanh", [GateKind]()), ("simplelstm", [.forget])] {
      let shape = try remainder(of: try run(name, startingFromZeros: true) { $0.withOtherRecurrentWeights() })
      #expect(shape.firstStep == .rightFromZeros(idle: idle), "\(name)")
      let text = try #require(shape.lines(at: place, in: nil).first)
      #expect(text.contains("so it is the recurrent product, ") && !text.contains("changed"), "\(text)")
      #expect(text.contains("gate f") == (idle == [.forget]))
      #expect(shape.next.first == .startFromState)
    }
  }

  @Test("A state that is never carried is told from the given one on, and no gate is blamed")
  func neverCarried() throws {
    let original = try bundled("simplegru")
    let start = original.diagnosisContext(Self.address).problem.initialState
    try #require(start != nil)
    let shape = try remainder(
      of: try run("simplegru") { problem in
        problem.stepped(carrying: { _ in
          var state = problem.initialState ?? problem.cell.zeroState(batch: problem.valid.batch)
          for index in state.h.elements.indices { state.h.elements[index] *= 0.5 }
          return state
        })
      })
    #expect(shape.firstStep == .rightFromState)
    let text = try #require(shape.lines(at: place, in: nil).first)
    #expect(text.contains("what is carried from step to step is not what was computed"))
    #expect(!text.contains("gate") && !text.contains("changed"))
  }

  @Test("From zeros a wrong first step is not the recurrent product alone, and from a state it says nothing")
  func inputProduct() throws {
    let wrong = { (problem: StepwiseProblem) in
      problem.stepped(
        cell: problem.cell.changing { _, gate in
          for row in 0..<gate.weightIH.rows {
            for column in 0..<gate.weightIH.columns {
              gate.weightIH[row, column] *= 1.2 + 0.1 * Double(row + 2 * column)
            }
          }
        })
    }
    let fromZeros = try remainder(of: try run("simplernn-tanh", startingFromZeros: true, wrong))
    #expect(fromZeros.firstStep == .wrongFromZeros)
    let text = try #require(fromZeros.lines(at: place, in: nil).first)
    #expect(
      text.contains("not the recurrent product alone, but the input, its weights, a bias or an activation;"))
    let fromState = try remainder(of: try run("simplegru", wrong))
    #expect(fromState.firstStep == nil && fromState.next.first == .startFromZeros)
  }

  @Test("What fades where c is carried along is another initial state, and not a change during the run")
  func fading() throws {
    let judgement = try run("simplelstm", recordingCellState: false) { problem in
      problem.stepped(fault: { _, _ in })
    } changing: { parityCase in
      var state = parityCase[Self.address].initialState
      for unit in 0..<7 { state?.c?[1, unit] += 0.01 }
      parityCase[Self.address].initialState = state
    }
    // What it looks like is that, whatever names it.
    let shapes = judgement.findings.compactMap { finding -> RemainderShape? in
      if case .remainder(let shape) = finding.subject { shape } else { nil }
    }
    let shape = try #require(shapes.first)
    #expect(shape.isCarried)
    guard case .everythingUntil(let t) = shape.pattern else {
      Issue.record("\(shape.pattern)")
      return
    }
    let text = try #require(shape.lines(at: place, in: nil).first)
    #expect(
      text.contains("nothing after t = \(t): it started from another state, which is forgotten by then"))
  }

  @Test("Two steps of all units are named, and not called scattered")
  func twoSteps() throws {
    let judgement = try run("simplernn-tanh") { problem in
      problem.stepped(fault: { t, state in
        guard t == 4 || t == 11 else { return }
        for index in state.h.elements.indices { state.h.elements[index] += 0.05 }
      })
    }
    let shape = try remainder(of: judgement)
    #expect(shape.pattern == .someTimesteps)
    // What comes after a wrong state is one step of the formula from it.
    #expect(shape.elements == 2 * 3 * 7)
    #expect(judgement.notes.contains { $0.contains("some timesteps only: ") && $0.contains("t 4, 11, seq") })
  }

  @Test("An LSTM's output gate is told from the others, unit by unit")
  func gatesByUnit() throws {
    let shape = try remainder(
      of: try run("simplelstm") { problem in
        problem.stepped(
          cell: problem.cell.changing { kind, gate in
            for (unit, wrong) in [(1, GateKind.output), (4, .cell)] where kind == wrong {
              for k in 0..<gate.weightIH.columns { gate.weightIH[unit, k] *= 1.5 }
            }
          })
      })
    #expect(shape.cellState == RemainderShape.CellState(off: [4], right: [1]))
    let text = try #require(shape.lines(at: place, in: .keras).first)
    #expect(
      text.contains(
        "; c is off in units 4: there it is gate i, f or c, or what they read; only h is in units 1: "))
  }

  @Test("A returned final state that is the formula's own is a clue, where the recorded states end otherwise")
  func finalState() throws {
    let judgement = try run("simplernn-tanh") { problem in
      let right = problem.stepped()
      return right.with(order: Array((0..<12).reversed()))
    } returning: { problem in
      ReturnedState(h: problem.stepped().h?[11])
    }
    let shape = try remainder(of: judgement)
    #expect(shape.agreements == [.finalState(.h)])
    #expect(shape.next.isEmpty || !shape.next.contains(.evaluationMode))
    // The recorded states' own last is no clue.
    let plain = try remainder(
      of: try run("simplernn-tanh") {
        $0.withOtherRecurrentWeights()
      } returning: { problem in
        ReturnedState(h: problem.withOtherRecurrentWeights().h?[11])
      })
    #expect(plain.agreements == [])
  }

  @Test(
    "What comes near is told as what it is not, with what it leaves over, and only where that is less than half"
  )
  func nearest() throws {
    let wrong = { (problem: StepwiseProblem, spikes: Int) in
      problem.stepped(
        cell: problem.cell.changing { $1.biasIH = nil },
        fault: { t, state in
          for b in 0..<spikes where t == 11 { state.h[b, 2] += 0.05 }
        })
    }
    let near = try remainder(of: try run("simplernn-tanh") { wrong($0, 1) })
    let first = try #require(near.nearest.first)
    #expect(first.mistakes == [Mistake(.biasIHIgnored)])
    #expect(first.left > 0 && first.left < 0.02)
    let text = try #require(near.lines(at: place, in: nil).first { $0.contains("nothing that was tried") })
    #expect(text.contains("a run that did not add bias_ih would leave under 1 % of these elements over"))
    #expect(text.contains("not what happened") || text.contains("neither is what happened"))
    var random = Randomness(seed: 7)
    let far = try remainder(
      of: try run("simplernn-tanh") { problem in
        problem.stepped(fault: { _, state in
          for index in state.h.elements.indices {
            state.h.elements[index] += .random(in: 0.1...0.2, using: &random)
          }
        })
      })
    #expect(far.nearest.isEmpty)
  }

  private var place: FindingPlace { FindingPlace(layer: 0, direction: .forward) }

  /// The only remainder of a run that nothing explains.
  private func remainder(of judgement: PassJudgement) throws -> RemainderShape {
    #expect(judgement.diagnosis == [])
    let shapes = judgement.findings.compactMap { finding -> RemainderShape? in
      if case .remainder(let shape) = finding.subject { shape } else { nil }
    }
    #expect(shapes.count == 1)
    return try #require(shapes.first)
  }

  private func run(
    _ name: String, startingFromZeros: Bool = false, recordingCellState: Bool = true,
    _ states: (StepwiseProblem) -> RecordedStates,
    returning final: (StepwiseProblem) -> ReturnedState = { _ in ReturnedState() },
    changing change: (inout ParityCase) -> Void = { _ in }
  ) throws -> PassJudgement {
    let original = try bundled(name).changing { parityCase in
      parityCase.references = [parityCase.references[0]]
      if startingFromZeros { parityCase[Self.address].initialState = nil }
      parityCase.references[0].layers[0].output = nil
    }
    let problem = original.diagnosisContext(Self.address).problem
    let changed = original.changing { parityCase in
      parityCase[Self.address].states = states(problem)
      parityCase[Self.address].finalState = final(problem)
      if !recordingCellState { parityCase[Self.address].states.c = nil }
      change(&parityCase)
    }
    let reference = try #require(changed.judged(JudgingOptions(runsFreely: false)).references.first)
    return try #require(reference.passes.first).judgement
  }
}

extension StepwiseProblem {
  /// A run in Float, step by step by the literal formula.
  ///
  /// - Parameter carried: what the next step starts from; nil for what was computed.
  fileprivate func stepped(
    cell: Cell<Double>? = nil, carrying carried: ((State<Float>) -> State<Double>)? = nil,
    fault: (Int, inout State<Float>) -> Void = { _, _ in }
  ) -> RecordedStates {
    let x = input.values.converted(to: Float.self)
    let cell = (cell ?? self.cell).converted(to: Float.self)
    var state = (initialState ?? self.cell.zeroState(batch: valid.batch)).converted(to: Float.self)
    var h = BatchedSequence<Float>(zeros: x.timesteps, x.batch, self.cell.stateSize)
    var c = state.c.map { BatchedSequence<Float>(zeros: x.timesteps, x.batch, $0.columns) }
    for t in direction.times(x.timesteps) {
      state = cell.step(x: x[t], state)
      fault(t, &state)
      h[t] = state.h
      if let value = state.c { c?[t] = value }
      if let carried { state = carried(state).converted(to: Float.self) }
    }
    return RecordedStates(h: h.converted(to: Double.self), c: c?.converted(to: Double.self))
  }

  /// As with dropout on the recurrent weights: every other one is 0.
  fileprivate func withOtherRecurrentWeights() -> RecordedStates {
    stepped(
      cell: cell.changing { _, gate in
        for row in 0..<gate.weightHH.rows {
          for column in 0..<gate.weightHH.columns {
            gate.weightHH[row, column] *= (row + column).isMultiple(of: 2) ? 0.3 : 1.7
          }
        }
      })
  }
}

extension RecordedStates {
  /// With the timesteps of h in another order.
  fileprivate func with(order: [Int]) -> RecordedStates {
    var states = self
    guard let h else { return self }
    for (t, from) in order.enumerated() { states.h?[t] = h[from] }
    return states
  }
}
