import BundledCases
import RandomNetworks
import Recurrent
import Testing

@testable import RecurrentParity

/// Faults that are no convention's: the judge flags them, says what they look like, and names no hypothesis that
/// merely comes close.
@Suite struct ForeignFaultTests {
  private static let fixtures = ["simplernn-tanh", "simplegru", "simplelstm"]

  @Test("A run that is disturbed once is one spike, at its step and unit", arguments: fixtures)
  func spike(_ name: String) throws {
    try expectUnexplained(name, "one spike; 1 of") { problem in
      problem.stepped { t, state in
        if t == 7 { state.h[1, 2] += 0.05 }
      }
    } and: { judgement in
      #expect(judgement.timesteps.filter { $0.verdict != .match }.map(\.timestep) == [7])
      #expect(judgement.firstFlagged?.batch == 1 && judgement.firstFlagged?.unit == 2)
    }
  }

  @Test("A weight that is off is one unit, at every step that it moves", arguments: fixtures)
  func oneWeight(_ name: String) throws {
    try expectUnexplained(name, "one unit: a row of weights or a bias of it; ") { problem in
      let wrong = problem.cell.changing { kind, gate in
        if [.hidden, .new, .cell].contains(kind) { gate.weightIH[3, 1] += 0.5 }
      }
      return problem.stepped(cell: { _ in wrong })
    } and: { judgement in
      #expect(judgement.firstFlagged?.unit == 3)
      #expect(judgement.timesteps.count { $0.verdict == .mismatch } > 1)
    }
  }

  @Test("Weights that change during the run are wrong from that step on", arguments: fixtures)
  func changedWeights(_ name: String) throws {
    try expectUnexplained(
      name, "everything from t = 5 on: something changed during the run, or builds up in it; "
    ) { problem in
      let wrong = problem.cell.changing { _, gate in
        gate.weightIH = gate.weightIH.mapped { 1.5 * $0 }
      }
      return problem.stepped(cell: { $0 < 5 ? problem.cell : wrong })
    } and: { judgement in
      #expect(judgement.firstFlagged?.timestep == 5)
      #expect(judgement.timesteps.filter { $0.verdict == .match }.map(\.timestep) == Array(0..<5))
    }
  }

  @Test("Noise on every state is everything, and no lowered precision", arguments: fixtures)
  func noise(_ name: String) throws {
    var random = Randomness(seed: 90)
    try expectUnexplained(name, "everything") { problem in
      problem.stepped { _, state in
        for index in state.h.elements.indices {
          state.h.elements[index] += Float.random(in: 1e-3...2e-3, using: &random)
        }
        for index in (state.c?.elements ?? []).indices {
          state.c?.elements[index] += Float.random(in: 1e-3...2e-3, using: &random)
        }
      }
    } and: { judgement in
      #expect(judgement.timesteps.allSatisfy { $0.verdict == .mismatch })
    }
  }

  @Test("One sequence that runs with other weights is some sequences only", arguments: fixtures)
  func oneSequence(_ name: String) throws {
    try expectUnexplained(name, "some sequences only; ") { problem in
      let wrong = problem.cell.changing { _, gate in
        gate.weightIH = gate.weightIH.mapped { 1.5 * $0 }
      }
      let (right, other) = (problem.stepped(), problem.stepped(cell: { _ in wrong }))
      return right.taking(1, from: other)
    } and: { judgement in
      #expect(judgement.notes.contains { $0.hasSuffix("sequences 1") || $0.contains("sequences 1;") })
    }
  }

  @Test("Where an LSTM's c agrees and its h does not, it is said that the output gate is to blame")
  func outputGate() throws {
    try expectUnexplained("simplelstm", "; c agrees, so it is the output gate or what follows it") {
      problem in
      let wrong = problem.cell.changing { kind, gate in
        if kind == .output { gate.weightIH = gate.weightIH.mapped { 1.5 * $0 } }
      }
      return problem.stepped(cell: { _ in wrong })
    } and: { judgement in
      #expect(judgement.firstFlagged?.state == .h)
    }
  }

  @Test("A fault that has no simpler shape is told by its places", arguments: fixtures)
  func shapes(_ name: String) throws {
    typealias Element = (t: Int, b: Int, unit: Int)
    let faults: [(elements: [Element], text: String)] = [
      (
        [(7, 1, 2), (7, 1, 4)],
        "beyond the bound: one step of one sequence; 2 of N elements, units 2, 4, t 7, sequences 1"
      ),
      (
        [(7, 0, 2), (7, 1, 3), (7, 2, 4)],
        "beyond the bound: one timestep; 3 of N elements, units 2–4, t 7, sequences 0–2"
      ),
      (
        [(0, 0, 0), (3, 1, 2), (5, 2, 3), (8, 0, 5), (10, 1, 6)],
        "beyond the bound: scattered; 5 of N elements, units 0, 2, 3, 5 and 1 more, t 0, 3, 5, 8 and 1 more, "
          + "sequences 0–2"
      ),
    ]
    for (elements, text) in faults {
      // Twelve steps of three sequences of seven units, of c too where there is one.
      let count = 12 * 3 * 7 * (name == "simplelstm" ? 2 : 1)
      try expectUnexplained(name, text.replacing("N", with: "\(count)")) { problem in
        problem.stepped { t, state in
          for element in elements where element.t == t { state.h[element.b, element.unit] += 0.05 }
        }
      } and: { judgement in
        let flagged = judgement.timesteps.filter { $0.verdict == .mismatch }.map(\.timestep)
        #expect(Set(flagged) == Set(elements.map(\.t)))
      }
    }
  }

  @Test("What changes during a run that goes backward is told from the step on that comes first there")
  func changedWeightsBackward() throws {
    try expectUnexplained(
      "backwardgru", "everything from t = 5 on: something changed during the run, or builds up in it; "
    ) { problem in
      let wrong = problem.cell.changing { _, gate in
        gate.weightIH = gate.weightIH.mapped { 1.5 * $0 }
      }
      return problem.stepped(cell: { $0 > 5 ? problem.cell : wrong })
    } and: { judgement in
      #expect(judgement.firstFlagged?.timestep == 5)
      #expect(judgement.timesteps.filter { $0.verdict == .mismatch }.map(\.timestep) == Array(0...5))
    }
  }

  @Test("A mistake is not named where it leaves one element over", arguments: fixtures)
  func mistakeAndSpike(_ name: String) throws {
    let run = { (problem: StepwiseProblem, spike: Float) in
      // In the last step: no other has it for its past.
      problem.stepped(cell: { _ in problem.cell.changing { $1.biasIH = nil } }) { t, state in
        if t == 11 { state.h[1, 2] += spike }
      }
    }
    let mistake = try judged(name) { run($0, 0) }
    #expect(mistake.diagnosis?.map(\.name) == ["bias-ih-ignored"])
    try expectUnexplained(name, "everything") { run($0, 0.05) }
  }

  @Test("A mistake is not named where it accounts for the states and not for what was returned")
  func mistakeAndReturnedState() throws {
    for delta in [0, 0.05] {
      let judgement = try judged("simplernn-tanh") { problem in
        problem.stepped(cell: { _ in problem.cell.changing { $1.biasIH = nil } })
      } returning: { states in
        var last = states.h?[11]
        last?[1, 2] += delta
        return ReturnedState(h: last)
      }
      #expect(judgement.verdict == .mismatch)
      #expect(judgement.diagnosis?.map(\.name) == (delta == 0 ? ["bias-ih-ignored"] : []))
    }
  }

  /// Puts a wrong run in the place of a fixture's, and expects the judge to flag it, to search, and to find nothing.
  private func expectUnexplained(
    _ name: String, _ shape: String, run: (StepwiseProblem) -> RecordedStates,
    and check: (PassJudgement) -> Void = { _ in }
  ) throws {
    // Without the fault the same run matches.
    #expect(try judged(name) { $0.stepped() }.verdict == .match)
    let judgement = try judged(name, run: run)
    #expect(judgement.verdict == .mismatch)
    // Searched, and nothing found: not the nearest.
    #expect(judgement.diagnosis == [])
    #expect(judgement.notes.contains { $0.contains(shape) }, "\(judgement.notes)")
    check(judgement)
  }

  private func judged(
    _ name: String, run: (StepwiseProblem) -> RecordedStates,
    returning final: (RecordedStates) -> ReturnedState = { _ in ReturnedState() }
  ) throws -> PassJudgement {
    let address = PassAddress(reference: 0, layer: 0, pass: 0)
    let original = try bundled(name)
    let states = run(original.diagnosisContext(address).problem)
    let changed = original.changing { parityCase in
      parityCase.references = [parityCase.references[0]]
      parityCase[address].states = states
      parityCase[address].finalState = final(states)
      parityCase.references[0].layers[0].output = nil
    }
    let reference = try #require(changed.judged(JudgingOptions(runsFreely: false)).references.first)
    return try #require(reference.passes.first).judgement
  }
}

extension StepwiseProblem {
  /// A run in Float from the initial state, step by step by the literal formula, whatever happens on the way.
  fileprivate func stepped(
    cell: (Int) -> Cell<Double>, fault: (Int, inout State<Float>) -> Void = { _, _ in }
  ) -> RecordedStates {
    let x = input.values.converted(to: Float.self)
    var state = (initialState ?? self.cell.zeroState(batch: valid.batch)).converted(to: Float.self)
    var h = BatchedSequence<Float>(zeros: x.timesteps, x.batch, self.cell.stateSize)
    var c = state.c.map { BatchedSequence<Float>(zeros: x.timesteps, x.batch, $0.columns) }
    for t in direction.times(x.timesteps) {
      state = cell(t).converted(to: Float.self).step(x: x[t], state)
      fault(t, &state)
      h[t] = state.h
      if let value = state.c { c?[t] = value }
    }
    return RecordedStates(h: h.converted(to: Double.self), c: c?.converted(to: Double.self))
  }

  fileprivate func stepped(
    fault: (Int, inout State<Float>) -> Void = { _, _ in }
  ) -> RecordedStates { stepped(cell: { _ in self.cell }, fault: fault) }
}

extension RecordedStates {
  /// With one sequence of another run.
  fileprivate func taking(_ b: Int, from other: RecordedStates) -> RecordedStates {
    func taken(
      _ own: RecordedSequence?, _ other: RecordedSequence?
    ) -> RecordedSequence? {
      guard var own, let other else { return nil }
      for t in 0..<own.timesteps {
        own.elements.replaceSubrange(own.range(t, b), with: other.elements[other.range(t, b)])
      }
      return own
    }
    return RecordedStates(h: taken(h, other.h), c: taken(c, other.c))
  }
}
