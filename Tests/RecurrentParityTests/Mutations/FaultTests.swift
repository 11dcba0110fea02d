import BundledCases
import Recurrent
import RecurrentConventions
import Testing

@testable import RecurrentParity

/// A way to get one direction of one layer wrong: the run is real, the declared parameters are not what made it.
enum Fault: String, CaseIterable {
  case inputWeight
  case recurrentWeight
  case bias
  case droppedBias
  case transposedRecurrentWeights
  case otherActivation
  case ignoredInitialState
  case shiftedInitialState

  /// The changed passes among which to look for one whose effect is clear; none where the fault cannot be.
  func variants(of pass: RecordedPass) -> [RecordedPass] {
    let H = pass.cell.hiddenSize
    switch self {
    case .inputWeight:
      return positions(H, pass.cell.inputSize).map { unit, k in
        pass.changing { $0.cell.gate.weightIH[unit, k] += 0.5 }
      }
    case .recurrentWeight:
      return positions(H, H).map { unit, k in pass.changing { $0.cell.gate.weightHH[unit, k] += 0.5 } }
    case .bias:
      return (0..<H).map { unit in pass.changing { $0.cell.gate.biasIH?[unit] += 0.5 } }
    case .droppedBias:
      // Of two, b_hh, which a port from two biases to one forgets first.
      if pass.cell.gate.biasHH != nil { return [pass.changing { $0.cell.gate.biasHH = nil }] }
      return pass.cell.gate.biasIH == nil ? [] : [pass.changing { $0.cell.gate.biasIH = nil }]
    case .transposedRecurrentWeights:
      return [pass.changing { $0.cell.gate.weightHH = pass.cell.gate.weightHH.transposed() }]
    case .otherActivation:
      return [pass.changing { $0.cell.rnn?.activation = pass.cell.activation == .tanh ? .relu : .tanh }]
    case .ignoredInitialState:
      return pass.initialState == nil ? [] : [pass.changing { $0.initialState = nil }]
    case .shiftedInitialState:
      return pass.initialState == nil ? [] : [pass.changing { $0.initialState?.h.elements.rotate() }]
    }
  }

  private func positions(_ rows: Int, _ columns: Int) -> [(Int, Int)] {
    (0..<rows).flatMap { row in (0..<columns).map { (row, $0) } }
  }
}

extension RecordedPass {
  fileprivate func changing(_ change: (inout RecordedPass) -> Void) -> RecordedPass {
    var copy = self
    change(&copy)
    return copy
  }
}

extension Array {
  fileprivate mutating func rotate() { append(removeFirst()) }
}

/// Fixtures with biases and initial states: one direction and two, one layer and more, ragged, Float64.
let faultFixtures = [
  "simplernn-tanh", "birnn-relu", "stackedrnn-tanh", "stackedrnn-relu", "stackedbirnn-tanh",
  "stackedbirnn-relu",
  "stackedbirnn-ragged", "stackedbirnn-float64", "stackedrnn-square", "backwardrnn-ragged", "alternatingrnn",
]

@Suite struct FaultTests {
  @Test(
    "A wrong parameter is flagged in its layer and direction, at every step that it moves and at no other",
    arguments: faultFixtures, Fault.allCases)
  func wrongParameter(_ name: String, _ fault: Fault) throws {
    let parityCase = try bundled(name)
    for address in parityCase.passAddresses {
      let reference = parityCase.references[address.reference]
      let before = parityCase.literalResiduals(of: reference)
      let changed = try #require(
        fault.variants(of: parityCase[address]).lazy.map { pass in parityCase.changing { $0[address] = pass }
        }
        .first {
          let effect = Effect(before, $0.literalResiduals(of: $0.references[address.reference]))
          return effect.isClear && !effect.places.isEmpty
        }, "no clear \(fault) in \(address)")
      let wrong = changed.references[address.reference]
      let expected = Effect(before, changed.literalResiduals(of: wrong)).places
      #expect(expected.allSatisfy { $0.layer == address.layer && $0.direction == changed[address].direction })

      let judgement = changed.judged(.verdictOnly)
      #expect(judgement.verdict == .mismatch)
      #expect(try #require(judgement.reference(wrong.name)).flagged == expected.all(.mismatch), "\(address)")
      let first = changed[address].direction == .forward ? expected.min() : expected.max()
      #expect(judgement.firstFlagged(address)?.timestep == first?.timestep)

      for other in parityCase.others(than: address) {
        #expect(try #require(judgement.reference(other.name)).flagged == [:])
        // The other way round it is the other's states that do not follow from the wrong parameters.
        let places = Effect(
          parityCase.literalResiduals(of: other), changed.literalResiduals(of: other, by: wrong)
        ).places
        let cross = try #require(judgement.cross(states: other.name, weights: wrong.name))
        #expect(cross.flagged == places.all(.mismatch), "\(address)")
        #expect(cross.mismatchedPasses == [PassName(address.layer, changed[address].direction)])
        // By the right parameters of the other reference the states are right.
        let inverse = try #require(judgement.cross(states: wrong.name, weights: other.name))
        #expect(inverse.flagged == [:])
      }
    }
  }

  @Test(
    "Exchanged directions are flagged in both, in their layer only",
    arguments: [
      "birnn-tanh", "birnn-relu", "stackedbirnn-tanh", "stackedbirnn-ragged", "stackedbirnn-float64",
    ])
  func swappedDirections(_ name: String) throws {
    let parityCase = try bundled(name)
    for (number, reference) in parityCase.references.enumerated() {
      for layer in reference.layers.indices {
        let changed = parityCase.changing {
          let passes = reference.layers[layer].passes
          $0.references[number].layers[layer].passes[0].cell = passes[1].cell
          $0.references[number].layers[layer].passes[1].cell = passes[0].cell
        }
        let effect = Effect(
          parityCase.literalResiduals(of: reference), changed.literalResiduals(of: changed.references[number])
        )
        try #require(effect.isClear)
        #expect(Set(effect.places.map(\.layer)) == [layer])
        #expect(Set(effect.places.map(\.direction)) == [.forward, .backward])
        let judged = try #require(changed.judged(.verdictOnly).reference(reference.name))
        #expect(judged.flagged == effect.places.all(.mismatch))
      }
    }
  }

  @Test("Input read one step too early is flagged in the first layer only", arguments: faultFixtures)
  func shiftedInput(_ name: String) throws {
    let parityCase = try bundled(name)
    let changed = parityCase.changing { changed in
      for t in 0..<parityCase.input.timesteps - 1 { changed.input[t] = parityCase.input[t + 1] }
    }
    for reference in parityCase.references {
      let effect = Effect(parityCase.literalResiduals(of: reference), changed.literalResiduals(of: reference))
      try #require(effect.isClear)
      #expect(Set(effect.places.map(\.layer)) == [0])
      let judgement = changed.judged(.verdictOnly)
      #expect(try #require(judgement.reference(reference.name)).flagged == effect.places.all(.mismatch))
      for other in parityCase.references where other.name != reference.name {
        let cross = try #require(judgement.cross(states: reference.name, weights: other.name))
        #expect(cross.flagged == effect.places.all(.mismatch))
      }
    }
  }

  @Test(
    "A forgotten initial state is flagged at the step that each sequence begins with",
    arguments: faultFixtures)
  func firstStep(_ name: String) throws {
    let parityCase = try bundled(name)
    for address in parityCase.passAddresses {
      let changed = parityCase.changing { $0[address].initialState = nil }
      let starts = parityCase[address].direction == .forward ? [0] : parityCase.lengths.map { $0 - 1 }
      let name = parityCase.references[address.reference].name
      let flagged = try #require(changed.judged(.verdictOnly).reference(name)).flagged
      #expect(flagged == parityCase.places(address, starts).all(.mismatch))
    }
  }

  @Test(
    "A sequence declared one step too short is flagged at its new end, in both directions",
    arguments: [
      "stackedbirnn-ragged", "backwardrnn-ragged",
    ])
  func shorterLength(_ name: String) throws {
    let parityCase = try bundled(name)
    // Backward, the pass now begins a step later, from the initial state instead of the step that was cut off;
    // forward, the step that the final state belongs to is gone.
    for b in parityCase.lengths.indices {
      let changed = parityCase.changing { $0.lengths[b] -= 1 }
      let end = changed.lengths[b] - 1
      for judged in changed.judged(.verdictOnly).references {
        for pass in judged.passes {
          let flagged = pass.judgement.timesteps.filter { $0.verdict != .match }
          #expect(flagged.map(\.timestep) == [end])
          #expect(flagged.map(\.verdict) == [.mismatch])
          let note = "final_state/h"
          #expect(pass.judgement.contradictions == (pass.pass.direction == .forward ? [note] : []))
        }
      }
    }
  }

  @Test("A sequence declared one step too long is flagged in the padding")
  func longerLength() throws {
    let parityCase = try bundled("stackedbirnn-ragged")
    for b in parityCase.lengths.indices where parityCase.lengths[b] < parityCase.input.timesteps {
      let changed = parityCase.changing { $0.lengths[b] += 1 }
      let padding = parityCase.lengths[b]
      for judged in changed.judged(.verdictOnly).references {
        for pass in judged.passes {
          let flagged = pass.judgement.timesteps.filter { $0.verdict != .match }
          // Backward, the step after the padding started from the initial state, not from what stands there.
          let expected = pass.pass.direction == .forward ? [padding] : [padding - 1, padding]
          #expect(flagged.map(\.timestep) == expected, "\(judged.reference.name) \(pass.pass.direction)")
        }
      }
    }
  }
}

/// A direction of a layer.
struct PassName: Hashable {
  let layer: Int
  let direction: Direction

  init(_ layer: Int, _ direction: Direction) { (self.layer, self.direction) = (layer, direction) }
}

extension CrossJudgement {
  var mismatchedPasses: [PassName] {
    passes.filter { $0.verdict == .mismatch }.map { PassName($0.layer, $0.direction) }
  }
}

extension CaseJudgement {
  func firstFlagged(_ address: PassAddress) -> FlaggedElement? {
    let reference = references[address.reference]
    let pass = parityCase[address]
    return reference.passes.first { $0.layer == address.layer && $0.pass.direction == pass.direction }?
      .judgement
      .firstFlagged
  }
}
