import BundledCases
import FixtureEditing
import FixtureManifest
import Recurrent
import RecurrentConventions
import Testing

@testable import RecurrentParity

/// Records that hold less than every state: honest runs are never called wrong, and wrong ones still are where the
/// mathematics says so.
@Suite struct EvidenceTests {
  // MARK: c is not recorded

  @Test(
    "An LSTM's run without its c is judged with c carried along, at every step, and matches",
    arguments: [
      "simplelstm", "stackedbilstm", "stackedbilstm-ragged", "stackedbilstm-float64", "simplelstm-long",
      "stackedlstm-projection", "simplelstm-same-sign", "digits-bilstm-keras-trained", "stackedbilstm-onnx",
    ])
  func carried(_ name: String) throws {
    let parityCase = try bundled(name).changing { $0.dropCellStates() }
    let judgement = parityCase.judged(.verdictOnly)
    #expect(judgement.verdict == .match)
    for pass in judgement.references.flatMap(\.passes) {
      #expect(pass.judgement.evidence == .carried)
      #expect(pass.judgement.timesteps.map(\.timestep) == Array(0..<(parityCase.lengths.max() ?? 0)))
      #expect(pass.judgement.figures.maxResidual > 0)
    }
    #expect(judgement.cross.flatMap(\.passes).allSatisfy { $0.stepwise.evidence == .carried })
  }

  @Test(
    "With c carried along a wrong gate is still a mismatch from the first step on, and only where it is",
    arguments: ["simplelstm", "stackedbilstm", "stackedbilstm-ragged"])
  func carriedFault(_ name: String) throws {
    let original = try bundled(name).changing { $0.dropCellStates() }
    for address in original.passAddresses {
      for wrong in [GateKind.input, .forget, .cell, .output] {
        let changed = original.changing { parityCase in
          parityCase[address].cell = parityCase[address].cell.changing { kind, gate in
            if kind == wrong { gate.weightIH = gate.weightIH.mapped(-) }
          }
        }
        let judged = changed.judged(.verdictOnly).references[address.reference]
        for pass in judged.passes {
          let isHere = pass.layer == address.layer && pass.pass.direction == original[address].direction
          #expect(pass.judgement.verdict == (isHere ? .mismatch : .match), "\(wrong.rawValue) in \(address)")
        }
        let first = changed.judged(.verdictOnly).firstFlagged(address)
        let start = original[address].direction == .forward ? 0 : (original.lengths.max() ?? 0) - 1
        #expect(first?.timestep == start)
        #expect(first?.state == .h)
      }
    }
  }

  @Test("With c carried along a spike in h is flagged where it is")
  func carriedSpike() throws {
    let original = try bundled("simplelstm").changing { $0.dropCellStates() }
    for address in original.passAddresses {
      let changed = original.changing { $0[address].states.h?[5, 1, 2] += 0.05 }
      let judged = changed.judged(.verdictOnly).references[address.reference]
      let flagged = judged.flagged.filter { $0.value == .mismatch }.keys.map(\.timestep)
      #expect(flagged.contains(5))
      // Before the spike nothing departs.
      #expect(flagged.min() == 5)
    }
  }

  // MARK: h is not recorded

  @Test(
    "Where h is not recorded it is read off the output, which is as good",
    arguments: ["birnn-tanh", "stackedbigru", "simplelstm", "stackedbilstm-projection"])
  func readOffOutput(_ name: String) throws {
    let entry = try #require(try Manifest.bundled().files.first { $0.case == name })
    let original = try entry.load()
    let copy = try FixtureCopy(of: entry.path) { tree in
      for path in tree.datasets.keys where path.hasSuffix("ward/h") { try tree.remove(path) }
    }
    let read = try ParityCase(contentsOf: copy.path)
    for address in original.passAddresses {
      // The framework's output is its states, side by side, to the bit where one run made both.
      let (a, b) = (read[address].states.h, original[address].states.h)
      #expect(a?.features == b?.features)
      let differences = zip(a?.elements ?? [], b?.elements ?? []).map { ($0 - $1).magnitude }
      // Two honest runs of twelve steps in Float32 agree to far better than this.
      #expect(differences.reduce(0, max) < 1e-5)
      #expect(read[address].evidence == original[address].evidence)
    }
    let judgement = read.judged(.verdictOnly)
    #expect(judgement.verdict == .match)
    // And it is judged: a changed output is a changed state.
    let changed = read.changing {
      $0[PassAddress(reference: 0, layer: 0, pass: 0)].states.h?[4, 0, 1] += 0.05
    }
    #expect(changed.judged(.verdictOnly).verdict == .mismatch)
  }

  @Test(
    "Of a layer that merges its directions to one, only the output is evidence, and an honest one matches",
    arguments: [
      "stackedbirnn-sum", "stackedbirnn-mul", "stackedbirnn-ave", "stackedbigru-sum", "stackedbigru-mul",
      "stackedbigru-ave", "stackedbilstm-sum", "stackedbilstm-mul", "stackedbilstm-ave",
    ])
  func mergedOutputs(_ name: String) throws {
    let entry = try #require(try Manifest.bundled().files.first { $0.case == name })
    let copy = try FixtureCopy(of: entry.path) { tree in
      for path in tree.datasets.keys where path.hasSuffix("ward/h") || path.hasSuffix("ward/c") {
        try tree.remove(path)
      }
    }
    let read = try ParityCase(contentsOf: copy.path)
    let judgement = read.judged(.verdictOnly)
    for pass in judgement.references.flatMap(\.passes) {
      #expect(pass.judgement.evidence == .outputs)
      #expect([.match, .inconclusive].contains(pass.judgement.verdict))
      // The first step's bound is one step's: it always speaks.
      let start = pass.pass.direction == .forward ? 0 : (read.lengths.max() ?? 0) - 1
      #expect(pass.judgement.timesteps.first { $0.timestep == start }?.verdict != .mismatch)
    }
    #expect([.match, .inconclusive].contains(judgement.verdict))

    // A wrong run, still: every input weight negated moves every output.
    for address in read.passAddresses where address.layer == 0 {
      let wrong = read.changing { parityCase in
        parityCase[address].cell = parityCase[address].cell.changing { $1.weightIH = $1.weightIH.mapped(-) }
      }
      let found = wrong.judged(.verdictOnly).references[address.reference]
      #expect(found.passes.first?.judgement.verdict == .mismatch, "\(address)")
    }
  }

  @Test(
    "Final states alone are judged, at the step that each sequence ends with",
    arguments: ["simplernn-tanh", "backwardgru-ragged", "simplelstm", "birnn-tanh"])
  func finalStates(_ name: String) throws {
    let original = try bundled(name).changing { parityCase in
      for address in parityCase.passAddresses {
        parityCase[address].states = RecordedStates()
        parityCase.references[address.reference].layers[address.layer].output = nil
      }
    }
    var matches = 0
    for address in original.passAddresses {
      let judged = original.judged(.verdictOnly).judgement(address)
      #expect(judged?.evidence == .outputs)
      let ends = original[address].direction == .forward ? Set(original.lengths.map { $0 - 1 }) : [0]
      #expect(judged.map { Set($0.timesteps.map(\.timestep)) } == ends)
      // What is wrong is seen where the bound still speaks, and cannot be told where it does not.
      let last = original[address].direction == .forward ? original.lengths[0] - 1 : 0
      let before = judged?.timesteps.first { $0.timestep == last }?.verdict
      for kind in [StateKind.h, .c] where original[address].finalState[kind] != nil {
        let wrong = original.changing { parityCase in
          switch kind {
          case .h: parityCase[address].finalState.h?[0, 1] += 0.9
          case .c: parityCase[address].finalState.c?[0, 1] += 0.9
          }
        }
        let found = wrong.judged(.verdictOnly).judgement(address)
        let after = found?.timesteps.first { $0.timestep == last }?.verdict
        #expect(before == .match && after == .mismatch || before == .inconclusive && after == .inconclusive)
        if after == .mismatch { #expect(found?.firstFlagged?.state == kind) }
      }
      if before == .match { matches += 1 }
    }
    #expect(matches > 0)
  }

  @Test(
    "A layer of which nothing is recorded is judged through the next one that has something",
    arguments: ["stackedbirnn-tanh", "stackedgru", "stackedbilstm"])
  func throughTheNext(_ name: String) throws {
    let original = try bundled(name).changing { parityCase in
      for address in parityCase.passAddresses where address.layer == 0 {
        parityCase[address].states = RecordedStates()
        parityCase[address].finalState = ReturnedState()
        parityCase.references[address.reference].layers[0].output = nil
      }
    }
    for reference in original.judged(.verdictOnly).references {
      for pass in reference.passes where pass.layer == 0 {
        #expect(pass.judgement.verdict == .match)
        #expect(pass.judgement.timesteps.isEmpty)
        #expect(pass.judgement.notes == ["nothing is recorded here: judged through layer 1"])
      }
    }
    for address in original.passAddresses where address.layer == 0 {
      let wrong = original.changing { parityCase in
        parityCase[address].cell = parityCase[address].cell.changing { $1.weightIH = $1.weightIH.mapped(-) }
      }
      let judged = wrong.judged(.verdictOnly).references[address.reference]
      #expect(judged.passes.first?.judgement.verdict == .mismatch)
      #expect(judged.passes.contains { $0.layer == 1 && $0.judgement.verdict == .mismatch })
    }
  }

  @Test("A network of which the last layer has nothing recorded is inconclusive there")
  func nothingAbove() throws {
    let changed = try bundled("stackedgru").changing { parityCase in
      for index in parityCase.references.indices {
        let last = parityCase.references[index].layers.count - 1
        parityCase.references[index].layers[last].output = nil
        parityCase.references[index].layers[last].passes[0].states = RecordedStates()
        parityCase.references[index].layers[last].passes[0].finalState = ReturnedState()
      }
    }
    for reference in changed.judged(.verdictOnly).references {
      #expect(reference.verdict == .inconclusive)
      #expect(reference.passes.last?.judgement.verdict == .inconclusive)
      #expect(reference.passes.last?.judgement.notes == ["nothing is recorded here"])
      #expect(reference.passes.dropLast().allSatisfy { $0.judgement.verdict == .match })
    }
  }

  // MARK: Long and chaotic

  @Test(
    "Outputs alone of a long or chaotic run end by being inconclusive, and are never a mismatch",
    arguments: ["simplernn-chaotic", "simplernn-long", "simplegru-long", "simplelstm-long"])
  func long(_ name: String) throws {
    let original = try bundled(name).changing { parityCase in
      for address in parityCase.passAddresses { parityCase[address].states = RecordedStates() }
    }
    for (index, reference) in original.judged(.verdictOnly).references.enumerated() {
      let judgement = try #require(reference.passes.first).judgement
      #expect(judgement.evidence == .outputs)
      let verdicts = judgement.timesteps.map(\.verdict)
      #expect(verdicts.allSatisfy { $0 == .match || $0 == .inconclusive })
      #expect(verdicts.first == .match)
      guard let exhausted = verdicts.firstIndex(of: .inconclusive) else { continue }
      // Once the bound says nothing it never speaks again.
      #expect(verdicts[exhausted...].allSatisfy { $0 == .inconclusive })
      #expect(judgement.verdict == .inconclusive)
      #expect(judgement.notes.contains { $0.hasPrefix("the propagated bound says nothing any more") })

      // What is wrong while it speaks is a mismatch; what is wrong afterwards cannot be told.
      for (t, expected) in [(0, Verdict.mismatch), (exhausted, .inconclusive)] {
        let wrong = original.changing { $0.references[index].layers[0].output?[t, 0, 0] += 0.9 }
        let found = wrong.judged(.verdictOnly).references[index].passes.first?.judgement
        #expect(found?.timesteps[t].verdict == expected)
        #expect(found?.verdict == max(expected, .inconclusive))
      }
    }
  }

  @Test(
    "An output is held against the rounding of the steps before it, and not against more",
    arguments: ["simplernn-tanh", "simplegru", "simplelstm"])
  func tightOutputs(_ name: String) throws {
    let original = try bundled(name).changing { parityCase in
      for address in parityCase.passAddresses {
        parityCase[address].states = RecordedStates()
        parityCase[address].finalState = ReturnedState()
      }
    }
    for index in original.references.indices {
      // One step's sums have 13 or 14 terms whose magnitudes add up to less than 10: 140 u, of which a sigmoid passes
      // on a quarter. With 16 u for each activation, the gates of a step are off by less than 400 u = 2.4e-5.
      let wrong = original.changing { $0.references[index].layers[0].output?[0, 1, 2] += 1e-4 }
      let judgement = try #require(wrong.judged(.verdictOnly).references[index].passes.first).judgement
      #expect(judgement.timesteps.filter { $0.verdict == .mismatch }.map(\.timestep) == [0])
      let first = try #require(judgement.firstFlagged)
      #expect((first.timestep, first.batch, first.unit) == (0, 1, 2))
      #expect(first.bound < 2.4e-5)
    }
  }

  @Test(
    "The propagated bound says nothing any more once half of the units have none, and not before",
    arguments: [(1, nil), (2, 5), (4, 5)] as [(Int, Int?)])
  func exhausted(_ count: Int, expected: Int?) {
    // Each unit is x − 1 at x = 1, and a multiple of what it was off by before. Of the six terms S = 2, so a step
    // adds 12 u, the input another u: 13 u (8⁶ − 1) / 7 = 0.03 is a tenth of 0.1 for the first time, at t = 5.
    var weightHH = Matrix<Double>(zeros: 4, 4)
    for unit in 0..<4 { weightHH[unit, unit] = unit < count ? 8 : 0.125 }
    let gate = Gate(
      weightIH: Matrix(rows: 4, columns: 1, elements: [1, 1, 1, 1]), weightHH: weightHH,
      biasIH: [-1, -1, -1, -1], biasHH: nil)
    let steps = 16
    let problem = StepwiseProblem(
      cell: .rnn(RNNCell(gate: gate, activation: .linear, formula: .oneBias)), direction: .forward,
      input: LayerInput(
        values: BatchedSequence(
          timesteps: steps, batch: 1, features: 1, elements: [Double](repeating: 1, count: steps))),
      target: RecordedStates(), previous: RecordedStates(), initialState: nil,
      valid: ValidSteps(all: steps, batch: 1),
      steps: StepIndex.all(ValidSteps(all: steps, batch: 1)))
    let states = problem.propagated(in: ErrorModel(.float32))
    #expect(states.exhausted == expected)
    for t in 0..<steps { #expect(states.isTelling(t) == (t < expected ?? steps)) }
  }

  @Test("A chaotic run's outputs are inconclusive before their end, though every step of it matches")
  func chaotic() throws {
    let original = try bundled("simplernn-chaotic")
    #expect(original.judged(.verdictOnly).verdict == .match)
    let outputs = original.changing { parityCase in
      for address in parityCase.passAddresses { parityCase[address].states = RecordedStates() }
    }
    #expect(outputs.judged(.verdictOnly).references.allSatisfy { $0.verdict == .inconclusive })
  }

  // MARK: Cancelling biases

  @Test(
    "An honest port of large biases that cancel matches, and one that lost what they leave does not",
    arguments: ["simplernn-tanh", "simplegru", "simplelstm"])
  func cancellingBiases(_ name: String) throws {
    let original = try bundled(name)
    let pytorch = try #require(original.references.firstIndex { $0.name == "pytorch" })
    let keras = try #require(original.references.firstIndex { $0.name == "keras" })
    let at = { PassAddress(reference: $0, layer: 0, pass: 0) }
    // b_ih = 1000, b_hh = −1000 + small, but for a GRU's new gate, whose biases do not cancel.
    let large = original[at(pytorch)].cell.changing { kind, gate in
      guard kind != .new, let first = gate.biasIH, let second = gate.biasHH else { return }
      gate.biasIH = first.map { _ in 1000 }
      gate.biasHH = zip(first, second).map { FloatFormat.float32.round(-1000 + $0 + $1) }
    }
    func run(lost: Double) throws -> CaseJudgement {
      // A converter sums in Float32, which is exact here; only b_hn stays where it is.
      let port = large.changing { kind, gate in
        guard kind != .new, let first = gate.biasIH, let second = gate.biasHH else { return }
        gate.biasIH = zip(first, second).map { FloatFormat.float32.round($0 + $1 - lost) }
        gate.biasHH = first.map { _ in 0 }
      }.converted(to: .oneBias)
      let changed = original.changing { parityCase in
        for (reference, cell) in [(pytorch, large), (keras, port)] {
          parityCase[at(reference)].cell = cell
          // Each runs its own literal formula: PyTorch's rounds at the size of its biases.
          let pass = Pass(
            direction: .forward, cell: cell, initialState: parityCase[at(reference)].initialState
          ).converted(to: Float.self)
          let states = pass.scan(parityCase.input.converted(to: Float.self), lengths: parityCase.lengths)
            .states.converted(to: Double.self)
          parityCase[at(reference)].states = RecordedStates(h: states.h, c: states.c)
          parityCase[at(reference)].finalState = ReturnedState()
          parityCase.references[reference].layers[0].output = nil
        }
      }
      return changed.judged(.verdictOnly)
    }
    let honest = try run(lost: 0)
    #expect(honest.references.map(\.verdict) == [.match, .match])
    #expect(honest.cross.map(\.verdict) == [.match, .match])
    // PyTorch's rounding is beyond what Keras's own single bias would excuse: that is what the check allows for.
    let states = try #require(honest.parityCase[at(pytorch)].states.h)
    let other = try #require(honest.parityCase[at(keras)].states.h)
    #expect(zip(states.elements, other.elements).contains { ($0 - $1).magnitude > 1e-6 })
    let wrong = try run(lost: 0.25)
    #expect(wrong.references.map(\.verdict) == [.match, .match])
    #expect(wrong.cross.map(\.verdict) == [.mismatch, .mismatch])
    #expect(wrong.cross.allSatisfy { $0.passes.allSatisfy { $0.stepwise.verdict == .mismatch } })
  }
}

extension CaseJudgement {
  func judgement(_ address: PassAddress) -> PassJudgement? {
    references[address.reference].passes.first {
      $0.layer == address.layer && $0.pass.direction == parityCase[address].direction
    }?.judgement
  }
}

extension ParityCase {
  /// Takes every LSTM's c away, as records of many projects do.
  fileprivate mutating func dropCellStates() {
    for address in passAddresses { self[address].states.c = nil }
  }
}
