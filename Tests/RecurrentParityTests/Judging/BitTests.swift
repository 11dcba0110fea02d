import BundledCases
import Recurrent
import Testing

@testable import RecurrentParity

/// Whether references hold the same bits, and where they first do not.
@Suite struct BitTests {
  @Test(arguments: ["stackedbigru-ragged", "simplelstm", "stackedbilstm"])
  func aCopyHoldsTheSameBits(_ name: String) throws {
    let comparison = try twice(name).comparison()
    #expect(comparison.areSame && comparison.compared > 0)
  }

  /// The place of a single bit that was turned is the place that is said, whatever was turned above it.
  @Test(arguments: [(0, 0), (0, 1), (1, 0), (1, 1)])
  func theFirstBitIsFoundWhereItIs(_ layer: Int, _ pass: Int) throws {
    var parityCase = try twice("stackedbilstm")
    let t = 5
    let states = parityCase.references[1].layers[layer].passes[pass].states
    var h = try #require(states.h).whole
    h[t, 1, 2] = h[t, 1, 2].nextUp
    parityCase.references[1].layers[layer].passes[pass].states.h = RecordedSequence(h)
    // Something above that differs from the first step on.
    let last = parityCase.references[1].layers.count - 1
    if last > layer {
      var above = try #require(parityCase.references[1].layers[last].passes[0].states.h).whole
      above.elements = above.elements.map { $0 + 1 }
      parityCase.references[1].layers[last].passes[0].states.h = RecordedSequence(above)
    }
    let first = try #require(try parityCase.comparison().first)
    #expect((first.layer, first.direction) == (layer, pass == 0 ? .forward : .backward))
    #expect(first.step == .init(timestep: t, batch: 1) && first.unit == 2 && first.state == .h)
    #expect(first.count == 1 && first.value.nextUp == first.otherValue)
  }

  @Test func zerosOfEitherSignAreNotTheSameBits() throws {
    var parityCase = try twice("simplernn-tanh")
    for (index, zero) in [0.0, -0.0].enumerated() {
      var h = try #require(parityCase.references[index].layers[0].passes[0].states.h).whole
      h[0, 0, 0] = zero
      parityCase.references[index].layers[0].passes[0].states.h = RecordedSequence(h)
    }
    #expect(try parityCase.comparison().first?.count == 1)
  }

  /// A sequence alone holds the bits that it has in a batch, wherever it stands there and however that is padded.
  @Test func aSequenceAloneIsFoundInItsBatch() throws {
    var parityCase = try twice("stackedbigru-ragged")
    let b = 1
    let length = parityCase.valid.counts[b]
    func alone(_ sequence: RecordedSequence) -> RecordedSequence {
      let whole = sequence.whole
      return RecordedSequence(
        BatchedSequence(
          timesteps: length, batch: 1, features: whole.features,
          elements: (0..<length).flatMap { whole.elements[whole.range($0, b)] }))
    }
    var single = parityCase.references[1]
    single.name = "alone"
    for layer in single.layers.indices {
      single.layers[layer].output = nil
      single.layers[layer].valid = ValidSteps(all: length, batch: 1)
      single.layers[layer].input = alone(single.layers[layer].input ?? parityCase.input)
      for pass in single.layers[layer].passes.indices {
        let states = single.layers[layer].passes[pass].states
        single.layers[layer].passes[pass].states = RecordedStates(
          h: states.h.map(alone), c: states.c.map(alone))
      }
    }
    parityCase.references = [single, parityCase.references[0]]
    let comparison = try parityCase.comparison()
    #expect(comparison.areSame, "\(String(describing: comparison.first)), \(comparison.left)")
  }

  @Test func whatIsNotInBothIsNeverTheSame() throws {
    var parityCase = try twice("simplelstm")
    parityCase.references[1].layers[0].passes[0].states.c = nil
    let comparison = try parityCase.comparison()
    #expect(!comparison.areSame && comparison.left == [.state(layer: 0, direction: .forward, .c)])
    let none = try twice("simplelstm")
    var other = none
    other.references[1].layers[0].input = RecordedSequence(
      BatchedSequence(zeros: none.input.timesteps, none.input.batch, none.input.features))
    #expect(!(try other.comparison().areSame), "no sequence has its input")
  }

  /// A case whose two references are one.
  private func twice(_ name: String) throws -> ParityCase {
    var parityCase = try bundled(name)
    var copy = parityCase.references[0]
    copy.name = "copy"
    parityCase.references = [parityCase.references[0], copy]
    return parityCase
  }
}

extension ParityCase {
  fileprivate func comparison() throws -> BitComparison {
    try #require(comparedByBits(references) { Array($0.layers.indices) }.first)
  }
}
