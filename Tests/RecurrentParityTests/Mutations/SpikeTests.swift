import BundledCases
import Recurrent
import Testing

@testable import RecurrentParity

/// One state of a real record is changed: what follows from teacher forcing, and nothing else, is flagged.
@Suite struct SpikeTests {
  /// Where the spike also shows to the layer above.
  enum Visibility: String, CaseIterable {
    /// Only in the record: the output, which the layer above read, says what the run was.
    case recordOnly
    /// In the output too, as if the layer had handed it on.
    case output
    /// In the record, where no output is recorded.
    case noOutput
  }

  @Test(
    "A spike is flagged at its step, at the step whose past it is, and in the layer above that it was handed to",
    arguments: faultFixtures, Visibility.allCases)
  func spike(_ name: String, _ visibility: Visibility) throws {
    let original = try bundled(name).changing { parityCase in
      guard visibility == .noOutput else { return }
      for address in parityCase.passAddresses {
        parityCase.references[address.reference].layers[address.layer].output = nil
      }
    }
    for address in original.passAddresses {
      let reference = original.references[address.reference]
      let before = original.literalResiduals(of: reference)
      for t in [0, 2, original.input.timesteps - 1] {
        let (b, unit, changed) = try #require(
          clearSpike(in: original, address, t: t, inOutput: visibility == .output, before: before),
          "no clear spike in \(address) at \(t)")
        let judgement = changed.judged(.verdictOnly)
        let expected = successors(of: t, b, in: original, address, isHandedOn: visibility != .recordOnly)
        let flagged = try #require(judgement.reference(reference.name)).flagged
        #expect(flagged == expected.all(.mismatch), "\(address), t = \(t)")

        // In processing order the spike comes first, and it is that very element.
        let first = try #require(judgement.firstFlagged(address))
        #expect((first.timestep, first.batch, first.unit) == (t, b, unit))
        #expect(first.residual > first.bound)

        for other in original.others(than: address) {
          #expect(try #require(judgement.reference(other.name)).flagged == [:])
          #expect(
            try #require(judgement.cross(states: reference.name, weights: other.name)).flagged == flagged)
          #expect(
            try #require(judgement.cross(states: other.name, weights: reference.name)).verdict == .match)
        }
      }
    }
  }

  /// What a change of the state at t moves: that state, the next one processed, and what the layer above made of
  /// it at that time.
  private func successors(
    of t: Int, _ b: Int, in parityCase: ParityCase, _ address: PassAddress, isHandedOn: Bool
  ) -> Set<Place> {
    let direction = parityCase[address].direction
    let next = direction == .forward ? t + 1 : t - 1
    var times = [t]
    if (0..<parityCase.lengths[b]).contains(next) { times.append(next) }
    var places = parityCase.places(address, times)
    let layers = parityCase.references[address.reference].layers
    if isHandedOn, address.layer + 1 < layers.count, layers[address.layer + 1].input == nil {
      places.formUnion(layers[address.layer + 1].passes.map { Place(address.layer + 1, $0.direction, t) })
    }
    return places
  }

  /// A spike that all its successors feel: a dead or saturated unit behind it would hide it.
  private func clearSpike(
    in original: ParityCase, _ address: PassAddress, t: Int, inOutput: Bool, before: [Place: [Double]]
  ) -> (b: Int, unit: Int, changed: ParityCase)? {
    let isHandedOn =
      inOutput || original.references[address.reference].layers[address.layer].output == nil
    for b in original.lengths.indices where t < original.lengths[b] {
      for unit in 0..<original[address].h.features {
        let changed = original.changing {
          $0.spike(address, t: t, b: b, unit: unit, by: 0.05, inOutput: inOutput)
        }
        let after = changed.literalResiduals(of: changed.references[address.reference])
        let effect = Effect(before, after)
        let expected = successors(of: t, b, in: original, address, isHandedOn: isHandedOn)
        if effect.isClear, effect.places == expected { return (b, unit, changed) }
      }
    }
    return nil
  }
}
