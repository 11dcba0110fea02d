import BundledCases
import Recurrent
import RecurrentConventions
import Testing

@testable import RecurrentParity

/// Faults that a run carries on from, unlike a record that was changed afterwards.
@Suite struct RunFaultTests {
  private static let fixtures = ["birnn-tanh", "stackedrnn-tanh", "stackedbirnn-tanh", "stackedbirnn-relu"]

  @Test("An honest simulated run matches", arguments: fixtures + ["stackedbirnn-ragged"])
  func honest(_ name: String) throws {
    for reference in ["pytorch", "keras"] {
      let judgement = try bundled(name).simulated(SimulatedRun(), reference: reference).judged(.verdictOnly)
      #expect(judgement.references.map(\.flagged) == [[:]])
    }
  }

  @Test(
    "A fault at one step is flagged at that step only, though the run goes on from it", arguments: fixtures,
    [3e-3, -0.5])
  func transient(_ name: String, delta: Double) throws {
    let original = try bundled(name)
    let keys = original.passAddresses.filter { $0.reference == 0 }
    for address in keys {
      for t in [0, 6, 11] {
        let place = Place(address.layer, original[address].direction, t)
        let simulation = SimulatedRun(fault: [place: { $0[2] = FloatFormat.float32.round($0[2] + delta) }])
        let judgement = original.simulated(simulation).judged(.verdictOnly)
        #expect(judgement.references.first?.flagged == [place: .mismatch])
        let pass = try #require(
          judgement.references.first?.passes.first {
            $0.layer == address.layer && $0.pass.direction == place.direction
          })
        let first = try #require(pass.judgement.firstFlagged)
        #expect((first.timestep, first.batch, first.unit) == (t, 1, 2))
        // The residual is the fault itself: teacher forcing lets nothing else in.
        #expect((first.residual - delta.magnitude).magnitude <= first.bound + 0x1p-24)
        // A wider bound would have let it pass: it is no lowered precision.
        #expect(pass.judgement.precisions.allSatisfy { !$0.explainsAll })
      }
    }
  }

  @Test(
    "A wrong port agrees with itself and is flagged by the cross check at its layer and direction",
    arguments: fixtures)
  func wrongPort(_ name: String) throws {
    let original = try bundled(name)
    for address in original.passAddresses where original.references[address.reference].name == "keras" {
      // The commonest mistake of a port: the recurrent kernel is not transposed.
      let port = original.changing {
        $0[address].cell.gate.weightHH = $0[address].cell.gate.weightHH.transposed()
        $0.references[address.reference] = SimulatedRun()($0.references[address.reference], on: original)
      }
      let judgement = port.judged(.verdictOnly)
      #expect(judgement.references.allSatisfy { $0.flagged == [:] })
      #expect(judgement.verdict == .mismatch)
      let here = PassName(address.layer, original[address].direction)
      for cross in judgement.cross {
        #expect(cross.mismatchedPasses == [here])
        #expect(cross.parameters.map(\.parameter) == ["weight_hh"])
        #expect(!cross.flagged.isEmpty)
        #expect(cross.flagged.allSatisfy { $0.value == .mismatch && $0.key.layer == address.layer })
        #expect(cross.flagged.keys.allSatisfy { $0.direction == here.direction })
        // Every state but a dead unit's depends on the recurrent weights: it shows from the first step on.
        let first = here.direction == .forward ? cross.flagged.keys.min() : cross.flagged.keys.max()
        #expect(first?.timestep == (here.direction == .forward ? 0 : 11))
      }
    }
  }

  @Test("A port with another bias is flagged by the cross check, and the bias is named", arguments: fixtures)
  func wrongBias(_ name: String) throws {
    let original = try bundled(name)
    let pytorch = try #require(original.references.first { $0.name == "pytorch" })
    for address in original.passAddresses where original.references[address.reference].name == "keras" {
      let bias = try #require(pytorch.layers[address.layer].passes[address.pass].cell.gate.biasIH)
      let port = original.changing {
        $0[address].cell.gate.biasIH = bias
        $0.references[address.reference] = SimulatedRun()($0.references[address.reference], on: original)
      }
      let judgement = port.judged(.verdictOnly)
      #expect(judgement.references.allSatisfy { $0.verdict == .match })
      for cross in judgement.cross {
        #expect(cross.mismatchedPasses == [PassName(address.layer, original[address].direction)])
        #expect(cross.parameters.map(\.parameter) == ["bias"])
      }
    }
  }
}
