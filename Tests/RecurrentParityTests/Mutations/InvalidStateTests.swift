import BundledCases
import Recurrent
import Testing

@testable import RecurrentParity

@Suite struct InvalidStateTests {
  @Test(
    "A state that is no number is invalid, the step whose past it is cannot be judged, and all else matches",
    arguments: faultFixtures, [Double.nan, .infinity, -.infinity])
  func record(_ name: String, value: Double) throws {
    let original = try bundled(name)
    for address in original.passAddresses {
      // Step 2 is valid in every sequence of every fixture.
      let changed = original.changing { $0[address].h[2, 1, 3] = value }
      let direction = original[address].direction
      let next = direction == .forward ? 3 : 1
      var expected = original.places(address, [2]).all(.invalid)
      expected[Place(address.layer, direction, next)] = .inconclusive
      let reference = original.references[address.reference]
      let judgement = changed.judged(.withoutDiagnosis)
      #expect(judgement.verdict == .invalid)
      #expect(try #require(judgement.reference(reference.name)).flagged == expected)
      let first = try #require(judgement.firstFlagged(address))
      #expect((first.timestep, first.batch, first.unit) == (2, 1, 3))
      #expect(first.residual.isNaN)
      for other in original.others(than: address) {
        let cross = try #require(judgement.cross(states: reference.name, weights: other.name))
        #expect(cross.flagged == expected)
        #expect(try #require(judgement.reference(other.name)).verdict == .match)
      }
      let pass = try #require(
        judgement.references[address.reference].passes.first {
          $0.layer == address.layer && $0.pass.direction == direction
        })
      #expect(!pass.freeRunning.maxAbs.isFinite)
    }
  }

  @Test("A state that is no number in the output too leaves the layer above unjudged at that time")
  func handedOn() throws {
    let original = try bundled("stackedbirnn-tanh")
    let address = PassAddress(reference: 0, layer: 0, pass: 1)
    let changed = original.changing { $0.spike(address, t: 5, b: 0, unit: 2, by: .nan, inOutput: true) }
    let flagged = try #require(changed.judged(.withoutDiagnosis).references.first).flagged
    #expect(
      flagged == [
        Place(0, .backward, 5): .invalid, Place(0, .backward, 4): .inconclusive,
        Place(1, .forward, 5): .inconclusive, Place(1, .backward, 5): .inconclusive,
      ])
  }

  @Test("What stands beyond a sequence's length is not looked at")
  func padding() throws {
    let original = try bundled("stackedbirnn-ragged")
    let changed = original.changing { changed in
      for address in original.passAddresses {
        for (b, length) in original.lengths.enumerated() {
          for t in length..<original.input.timesteps {
            changed.spike(address, t: t, b: b, unit: 0, by: .nan, inOutput: true)
          }
        }
      }
    }
    let judgement = changed.judged(.withoutDiagnosis)
    #expect(judgement.verdict == .match)
    #expect(judgement.references.allSatisfy { $0.flagged == [:] })
    #expect(judgement.references.flatMap(\.passes).allSatisfy { $0.freeRunning.maxAbs.isFinite })
  }
}
