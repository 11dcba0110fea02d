import BundledCases
import Recurrent
import Testing

@testable import RecurrentParity

@Suite struct FirstFlaggedTests {
  @Test("The first flagged step is the first in processing order: the latest time of a backward pass")
  func processingOrder() throws {
    let original = try bundled("stackedbirnn-tanh")
    for address in original.passAddresses {
      let changed = original.changing {
        for t in [3, 8] { $0.spike(address, t: t, b: 1, unit: 2, by: 0.5, inOutput: false) }
      }
      let first = try #require(changed.judged(.verdictOnly).firstFlagged(address))
      #expect(first.timestep == (original[address].direction == .forward ? 3 : 8))
      #expect((first.batch, first.unit) == (1, 2))
    }
  }

  @Test("The first flagged step is one of the pass's own verdict, not a milder one before it")
  func worstVerdict() throws {
    let original = try bundled("birnn-tanh")
    let address = PassAddress(reference: 0, layer: 0, pass: 0)
    let changed = original.changing {
      $0.spike(address, t: 2, b: 0, unit: 0, by: 0.5, inOutput: false)
      $0.spike(address, t: 7, b: 2, unit: 4, by: .nan, inOutput: false)
    }
    let judgement = changed.judged(.verdictOnly)
    let pass = try #require(judgement.references[0].passes.first)
    #expect(pass.judgement.verdict == .invalid)
    let first = try #require(judgement.firstFlagged(address))
    #expect((first.timestep, first.batch, first.unit) == (7, 2, 4))
  }

  @Test("Of several elements of a step the one furthest beyond its bound is shown, not the largest residual")
  func worstRatio() {
    let shown = worst(residuals: [4, 3, 2, 1], bounds: [4, 1, 4, 4])
    #expect((shown?.batch, shown?.unit) == (0, 1))
    #expect((shown?.residual, shown?.bound) == (3, 1))
  }

  @Test("Ties go to the lowest sequence, then the lowest unit")
  func ties() {
    let inBatch = worst(residuals: [1, 2, 2, 2], bounds: [1, 1, 1, 1])
    #expect((inBatch?.batch, inBatch?.unit) == (0, 1))
    let acrossBatch = worst(residuals: [1, 1, 2, 2], bounds: [1, 1, 1, 1])
    #expect((acrossBatch?.batch, acrossBatch?.unit) == (1, 0))
    // The order in which the sequences were evaluated is theirs.
    let allSame = worst(residuals: [2, 2, 2, 2], bounds: [1, 1, 1, 1])
    #expect((allSame?.batch, allSame?.unit) == (0, 0))
  }

  @Test("A ratio that is no number is worse than any that is one")
  func notANumber() {
    let shown = worst(residuals: [1, .infinity, .nan, 9], bounds: [1, 1, 1, 0])
    #expect((shown?.batch, shown?.unit) == (1, 0))
  }

  @Test("Only the step asked for is looked at")
  func otherStep() {
    let result = StepwiseResult(
      steps: [StepIndex(t: 0, b: 0), StepIndex(t: 1, b: 0)],
      states: [(.h, elements(width: 1, residual: [9, 1], bound: [1, 1]))])
    #expect(WorstElements(result)[1]?.residual == 1)
    #expect(WorstElements(result)[2] == nil)
  }

  @Test("Of an element of h and one of c that are as far off, the one of h is shown")
  func stateKinds() {
    let steps = [StepIndex(t: 5, b: 0)]
    let tied = StepwiseResult(
      steps: steps,
      states: [
        (.h, elements(width: 1, residual: [2], bound: [1])),
        (.c, elements(width: 1, residual: [4], bound: [2])),
      ])
    #expect(WorstElements(tied)[5]?.state == .h)
    let worse = StepwiseResult(
      steps: steps,
      states: [
        (.h, elements(width: 1, residual: [2], bound: [1])),
        (.c, elements(width: 1, residual: [5], bound: [2])),
      ])
    #expect(WorstElements(worse)[5]?.state == .c)
  }

  /// Two sequences of two units at one step.
  private func worst(residuals: [Double], bounds: [Double]) -> FlaggedElement? {
    let result = StepwiseResult(
      steps: [StepIndex(t: 5, b: 0), StepIndex(t: 5, b: 1)],
      states: [(.h, elements(width: 2, residual: residuals, bound: bounds))])
    return WorstElements(result)[5]
  }

  private func elements(width: Int, residual: [Double], bound: [Double]) -> ElementResults {
    ElementResults(
      width: width, residual: residual, mayOverflow: residual.map { _ in false }, bound: bound)
  }
}
