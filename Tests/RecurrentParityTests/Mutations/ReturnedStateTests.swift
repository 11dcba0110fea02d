import BundledCases
import Recurrent
import Testing

@testable import RecurrentParity

/// The output and the final state are what the framework returned; the recorded states have to explain them.
@Suite struct ReturnedStateTests {
  @Test(
    "An output that contradicts the recorded states is flagged at that step of that direction",
    arguments: faultFixtures)
  func output(_ name: String) throws {
    let original = try bundled(name)
    for address in original.passAddresses {
      let pass = original[address]
      let layer = original.references[address.reference].layers[address.layer]
      let feature = layer.passes[..<address.pass].reduce(0) { $0 + $1.h.features }
      for t in [0, 3] {
        let changed = original.changing {
          $0.references[address.reference].layers[address.layer].output?[t, 1, feature] += 0.05
        }
        let judged = changed.judged(.verdictOnly).references[address.reference]
        #expect(judged.flagged == original.places(address, [t]).all(.mismatch), "\(address)")
        for found in judged.passes {
          let isHere = found.layer == address.layer && found.pass.direction == pass.direction
          #expect(
            found.judgement.contradictions == (isHere ? ["output"] : []))
        }
      }
    }
  }

  @Test(
    "An output one rounding beside the recorded states is another honest run",
    arguments: ["birnn-tanh", "stackedrnn-tanh"])
  func otherHonestRun(_ name: String) throws {
    let original = try bundled(name)
    for address in original.passAddresses {
      let changed = original.changing {
        let value = Float(original.references[address.reference].layers[address.layer].output?[3, 1, 0] ?? 0)
        $0.references[address.reference].layers[address.layer].output?[3, 1, 0] = Double(value.nextUp)
      }
      #expect(changed.judged(.verdictOnly).references[address.reference].verdict == .match)
    }
  }

  @Test(
    "A final state that contradicts the recorded states is flagged at the step processed last",
    arguments: faultFixtures)
  func finalState(_ name: String) throws {
    let original = try bundled(name)
    for address in original.passAddresses {
      for b in original.lengths.indices {
        try #require(original[address].finalState.h != nil)
        let changed = original.changing { $0[address].finalState.h?[b, 2] += 0.05 }
        let last = original[address].direction == .forward ? original.lengths[b] - 1 : 0
        let judged = changed.judged(.verdictOnly).references[address.reference]
        #expect(judged.flagged == original.places(address, [last]).all(.mismatch), "\(address)")
        let notes = judged.passes.flatMap(\.judgement.contradictions)
        #expect(notes == ["final_state/h"])
      }
    }
  }

  @Test("A returned state that is no number is invalid")
  func notFinite() throws {
    let original = try bundled("birnn-tanh")
    let last = original.changing { $0.references[0].layers[0].passes[0].finalState.h?[1, 2] = .nan }
    #expect(last.judged(.verdictOnly).references[0].flagged == [Place(0, .forward, 11): .invalid])
    let output = original.changing { $0.references[0].layers[0].output?[4, 1, 9] = .nan }
    #expect(output.judged(.verdictOnly).references[0].flagged == [Place(0, .backward, 4): .invalid])
  }

  @Test("The final state of one direction taken for the other's is flagged in both")
  func exchanged() throws {
    let original = try bundled("birnn-tanh")
    let changed = original.changing {
      let passes = original.references[0].layers[0].passes
      $0.references[0].layers[0].passes[0].finalState = passes[1].finalState
      $0.references[0].layers[0].passes[1].finalState = passes[0].finalState
    }
    #expect(
      changed.judged(.verdictOnly).references[0].flagged == [
        Place(0, .forward, 11): .mismatch, Place(0, .backward, 0): .mismatch,
      ])
  }
}
